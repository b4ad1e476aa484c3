import { withoutControls } from './neutral.ts';

/**
 * A message on one line that a terminal can be shown: what people, files and other programs wrote is in it, so newlines
 * and the space around them become one space, and whatever else a terminal would obey becomes �.
 */
export const oneLine = (text: string): string => withoutControls(text.replace(/\s*\n\s*/g, ' '), '\ufffd');
