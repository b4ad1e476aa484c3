// What a terminal would obey, and what turns a line around: C0 but for newline and tab, DEL, C1, the bidirectional controls
// and line separators of Unicode, the byte order mark.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * The text as it can be written to a terminal, whoever made up what is in it: each such character becomes its escape as JSON
 * writes it (`\u001b`), so that JSON stays the same JSON.
 */
export const neutral = (text: string): string =>
  text.replace(OBEYED, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
