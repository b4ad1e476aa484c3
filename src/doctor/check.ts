// A check is data: what it is called, why it matters, which others it stands on, and one function that looks.

/**
 * pass: nothing in the way; fail: this link is missing; unknown: it could not be told; skipped: it was not looked at, since
 * an earlier link failed, or it is none of this host's.
 */
export type CheckState = 'pass' | 'fail' | 'unknown' | 'skipped';
export const CHECK_STATES: readonly CheckState[] = ['pass', 'fail', 'unknown', 'skipped'];

/** What to do about a finding. */
export interface Remedy {
  /** mend: it puts the link right; look: it tells more. */
  readonly kind: 'mend' | 'look';
  /** As it is typed into a shell; null: no command does it. */
  readonly command: string | null;
  /** What goes with the command, or stands for it; null: the command says it all. */
  readonly note: string | null;
}

export interface Observation {
  readonly state: CheckState;
  /** What was seen, in a line. */
  readonly seen: string;
  readonly remedies: readonly Remedy[];
}

export interface Check<Ground> {
  /** Stable: scripts may look for it. */
  readonly id: string;
  readonly title: string;
  /** In one line. */
  readonly why: string;
  /** Without it no fault arrives. What is not required changes neither the verdict nor the exit code. */
  readonly required: boolean;
  /** Checks whose failure makes this one pointless; it is skipped then. */
  readonly after: readonly string[];
  /** Why it is none of this host's or this device's, null: it is. What is none is skipped, whatever has failed before. */
  readonly unless?: (ground: Ground) => string | null;
  look(ground: Ground): Observation;
}

export interface CheckGroup<Ground> {
  readonly name: string;
  readonly checks: readonly Check<Ground>[];
}

export const mend = (command: string | null, note: string | null = null): Remedy => ({ kind: 'mend', command, note });
export const look = (command: string | null, note: string | null = null): Remedy => ({ kind: 'look', command, note });

export const pass = (seen: string, ...remedies: Remedy[]): Observation => ({ state: 'pass', seen, remedies });
export const fail = (seen: string, ...remedies: Remedy[]): Observation => ({ state: 'fail', seen, remedies });
export const unknown = (seen: string, ...remedies: Remedy[]): Observation => ({ state: 'unknown', seen, remedies });
/** Checks of which nothing but these differs are written in a line. */
export function check<Ground>(
  id: string,
  title: string,
  why: string,
  lookAt: (ground: Ground) => Observation,
  { after = [], required = true, unless }: Partial<Pick<Check<Ground>, 'after' | 'required' | 'unless'>> = {},
): Check<Ground> {
  return { id, title, why, required, after, look: lookAt, ...(unless && { unless }) };
}
