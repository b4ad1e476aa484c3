import { visible } from './visible.ts';

/** Newlines and the space around them become one space. The rest is unchanged: whatever displays it makes it visible. */
export const joinLines = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

/**
 * A message on one line that is safe for a terminal: text from users, files and other programs in it goes through
 * `visible`. Only for output: in the stream and the journal it is unchanged.
 */
export const oneLine = (text: string): string => visible(joinLines(text));

/** The same as a line for stderr, which gets everything that is not output. */
export const stderrLine = (text: string): string => `iopftop: ${oneLine(text)}\n`;
