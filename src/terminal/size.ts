export interface TerminalSize {
  columns: number;
  rows: number;
}

/** A terminal may not know its size, or report 0: then the usual one. */
export function sizeOf({ columns, rows }: { columns?: number; rows?: number }): TerminalSize {
  return { columns: columns || 80, rows: rows || 24 };
}
