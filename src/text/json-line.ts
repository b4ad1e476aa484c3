/**
 * JSON on one line that a terminal can be shown: JSON itself leaves DEL, C1 and the bidirectional controls of Unicode as they
 * are, and a terminal obeys them.
 */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
