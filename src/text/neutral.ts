// Characters that control a terminal, reverse a line or are invisible: Unicode's controls (C0, DEL, C1), its format
// characters (bidirectional controls, joiners, the byte order mark …) and its separators of lines and paragraphs.
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The text in a form that is safe for a terminal, whatever its source: each such character becomes its JSON escape
 * (`\u001b`), so that JSON stays the same JSON. Newline and tab are kept: they are the writer's own layout.
 */
export const neutral = (text: string): string =>
  text.replace(OBEYED, (c) => (c === '\n' || c === '\t' ? c : c.split('').map(escaped).join('')));
