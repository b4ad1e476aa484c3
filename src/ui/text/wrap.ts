import { cutCells } from './sanitise.ts';

/** Lines of at most `width` cells, broken between words; a longer word is cut to pieces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const whole of text.split(' ')) {
    let word = whole;
    while (word.length > width) {
      if (line) lines.push(line);
      line = '';
      const part = cutCells(word, width) || word.slice(0, 2);
      lines.push(part);
      word = word.slice(part.length);
    }
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
