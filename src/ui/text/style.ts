// What a text is, for its looks: a theme says how each is shown.
export type Style =
  | 'plain'
  | 'title'
  | 'dim'
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  | 'auto'
  | 'mock'
  | 'alarm'
  | 'heading'
  | 'cursor'
  | 'cursorIdle'
  | 'key'
  | 'tab'
  /** Bytes and fields that belong to what is selected. */
  | 'lit';
