// A check is data: its name, why it matters, which checks it depends on, and one function that looks.

/**
 * pass: no obstacle; fail: this link is missing; unknown: inconclusive; skipped: not checked, because an earlier link
 * failed or it does not apply to this host.
 */
export type CheckState = 'pass' | 'fail' | 'unknown' | 'skipped';
export const CHECK_STATES: readonly CheckState[] = ['pass', 'fail', 'unknown', 'skipped'];

/** What to do about a finding. */
export interface Remedy {
  /** mend: it fixes the link; look: it shows more. */
  readonly kind: 'mend' | 'look';
  /** As typed into a shell; null: no command does it. */
  readonly command: string | null;
  /** A note on the command, or in place of one; null: the command says it all. */
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
  /** Checks whose failure makes this one pointless; it is then skipped. */
  readonly after: readonly string[];
  /**
   * Why it does not apply to this host or device; null: it does. A check that does not apply is skipped even if nothing
   * failed before.
   */
  readonly unless?: (ground: Ground) => string | null;
  look(ground: Ground): Observation;
}

export interface CheckGroup<Ground> {
  readonly name: string;
  readonly checks: readonly Check<Ground>[];
}

export const fix = (command: string | null, note: string | null = null): Remedy => ({ kind: 'mend', command, note });
export const look = (command: string | null, note: string | null = null): Remedy => ({ kind: 'look', command, note });

export const pass = (seen: string, ...remedies: Remedy[]): Observation => ({ state: 'pass', seen, remedies });
export const fail = (seen: string, ...remedies: Remedy[]): Observation => ({ state: 'fail', seen, remedies });
export const unknown = (seen: string, ...remedies: Remedy[]): Observation => ({ state: 'unknown', seen, remedies });
/** Checks that differ only in these are written on one line. */
export function check<Ground>(
  id: string,
  title: string,
  why: string,
  lookAt: (ground: Ground) => Observation,
  { after = [], required = true, unless }: Partial<Pick<Check<Ground>, 'after' | 'required' | 'unless'>> = {},
): Check<Ground> {
  return { id, title, why, required, after, look: lookAt, ...(unless && { unless }) };
}
