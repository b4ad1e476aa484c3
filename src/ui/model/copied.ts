// What a row is on the clipboard.
export interface Copied {
  /** In words: "group 5". */
  what: string;
  /** The cells, with tabs between. */
  text: string;
  /** null: the row has none. */
  address: string | null;
  json: object;
}
