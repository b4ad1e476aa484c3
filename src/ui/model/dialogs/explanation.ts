// What a dialog says, as data.
export interface Explanation {
  lines: string[];
  /** Why to think twice. */
  warnings: string[];
  /** The dialog's target is gone, or has changed: only Cancel is left. */
  gone: boolean;
  /** The doubts are not known yet: no answer is given until they are. */
  looking?: boolean;
}

export const here = (lines: string[], warnings: string[] = []): Explanation => ({ lines, warnings, gone: false });
export const gone = (...lines: string[]): Explanation => ({ lines, warnings: [], gone: true });

/** `places`: lines that are kept for what is not known yet, so that the lines below do not move. */
export const lookingLines = (places: number): string[] => [
  'Checking the groups …',
  ...Array.from({ length: places - 1 }, () => ''),
];
