/**
 * A message on one line that a terminal can be shown: what people, files and other programs wrote is in it, so newlines
 * and the space around them become one space, and whatever else could move the cursor (C0, C1) or turn the order of the line
 * around (the bidirectional controls of Unicode, its line separators) becomes �.
 */
export const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/\s*\n\s*/g, ' ').replace(/[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
