import { visible } from './visible.ts';

/** Newlines and the space around them become one space. The rest stays as it came: what shows it makes it visible. */
export const joinLines = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

/**
 * A message on one line that a terminal can be shown: what people, files and other programs wrote is in it, and comes out as
 * `visible` makes it. For where it is written only: in the stream and the journal it stays as it came.
 */
export const oneLine = (text: string): string => visible(joinLines(text));

/** The same as a line of stderr, where everything is said that is no output. */
export const stderrLine = (text: string): string => `iopftop: ${oneLine(text)}\n`;
