// What a terminal would obey, what turns a line around and what is not seen in it: Unicode's controls (C0, DEL, C1), its format
// characters (bidirectional controls, joiners, the byte order mark …) and its separators of lines and paragraphs.
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The text as it can be written to a terminal, whoever made up what is in it: each such character becomes its escape as JSON
 * writes it (`\u001b`), so that JSON stays the same JSON. Newline and tab stay: they are the layout of whoever writes the text.
 */
export const neutral = (text: string): string =>
  text.replace(OBEYED, (c) => (c === '\n' || c === '\t' ? c : c.split('').map(escaped).join('')));
