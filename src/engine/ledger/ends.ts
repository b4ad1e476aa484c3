// How a group ends, and whose doing it is.
import type { Answer, Cause } from '../../protocol/messages.ts';

/** Not by an answer of ours: by the kernel itself, by another process, by somebody of whom nothing is known. */
export const ELSEWHERE = ['kernel', 'process', 'nobody'] as const;
export type Elsewhere = (typeof ELSEWHERE)[number];

/** Us (a key, a rule, a script, a scenario, the end of the run), or who else. */
export type Author = Cause | Elsewhere;

/** `auto`: the kernel's INVALID when its attachment went; `unknown`: it is pending no longer, and nobody says how that came. */
export type End = Answer | 'auto' | 'unknown';
