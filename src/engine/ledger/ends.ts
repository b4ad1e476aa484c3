// How a group ends, and who ended it.
import type { Answer, Cause } from '../../protocol/messages.ts';

/** Not by an answer of ours: by the kernel itself, by another process, or by somebody unknown. */
export const ELSEWHERE = ['kernel', 'process', 'nobody'] as const;
export type Elsewhere = (typeof ELSEWHERE)[number];

/** Us (a key, a rule, a script, a scenario, the end of the run), or who else. */
export type Author = Cause | Elsewhere;

/** `auto`: the kernel's INVALID when its attachment went; `unknown`: it is no longer pending, and it is not known why. */
export type End = Answer | 'auto' | 'unknown';
