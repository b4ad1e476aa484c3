/**
 * A message on one line that a terminal can be shown: what people, files and other programs wrote is in it, so newlines
 * and the space around them become one space, and whatever else could move the cursor (C0, C1) becomes �.
 */
export const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/\s*\n\s*/g, ' ').replace(/[\x00-\x1f\x7f-\x9f]/g, '\ufffd');
