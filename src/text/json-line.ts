import { neutral } from './neutral.ts';

/**
 * JSON on one line that is safe for a terminal: JSON itself leaves DEL, C1 and the bidirectional controls of Unicode as
 * they are, and a terminal obeys them.
 */
export const jsonLine = (value: unknown): string => `${neutral(JSON.stringify(value))}\n`;
