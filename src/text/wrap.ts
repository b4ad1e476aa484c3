import { cellsOf } from './visible.ts';

/** How wide a text is, and as much of it as fits. */
export interface Ruler {
  readonly widthOf: (text: string) => number;
  readonly cut: (text: string, width: number) => string;
}

/** `text` in lines of at most `width`, broken at spaces; a longer word gets its own line, or is cut if a ruler is given. */
export function wrap(text: string, width: number, ruler?: Ruler): string[] {
  const widthOf = ruler?.widthOf ?? cellsOf;
  const lines: string[] = [];
  let line = '';
  for (const whole of text.split(' ')) {
    let word = whole;
    while (ruler && widthOf(word) > width) {
      if (line) lines.push(line);
      line = '';
      const part = ruler.cut(word, width);
      lines.push(part);
      word = word.slice(part.length);
    }
    if (line && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
