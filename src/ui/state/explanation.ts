// What a dialog says, as data.
export interface Explanation {
  lines: string[];
  /** Why to think twice. */
  warnings: string[];
  /** What the dialog was opened for is there no more, or is something else by now: only Cancel is left. */
  gone: boolean;
}

export const here = (lines: string[], warnings: string[] = []): Explanation => ({ lines, warnings, gone: false });
export const gone = (...lines: string[]): Explanation => ({ lines, warnings: [], gone: true });
