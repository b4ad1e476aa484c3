// What a dialog says, as data.
export interface Explanation {
  lines: string[];
  /** Why to think twice. */
  warnings: string[];
  /** What the dialog was opened for is there no more, or is something else by now: only Cancel is left. */
  gone: boolean;
  /** What speaks against it is not known yet: no answer is given until it is. */
  looking?: boolean;
}

export const here = (lines: string[], warnings: string[] = []): Explanation => ({ lines, warnings, gone: false });
export const gone = (...lines: string[]): Explanation => ({ lines, warnings: [], gone: true });

/** `places`: so many lines are kept for what is still to come, so that what stands below stays where it is. */
export const lookingLines = (places: number): string[] => [
  'Looking at the groups …',
  ...Array.from({ length: places - 1 }, () => ''),
];
