/** The place of an offset in a text, for people: `line` and `column` count from 1, `column` in UTF-16 units. */
export function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
