/** JSON on one line that a terminal can be shown: JSON itself leaves DEL and C1 as they are, and a terminal obeys them. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(/[\x7f-\x9f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
