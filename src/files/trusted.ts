// Whose files can be relied on: those that somebody else could have put there, or could change, are not.
import type { Stats } from 'node:fs';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** Whose word counts. */
export interface Trusted {
  readonly uids: readonly number[];
  /** Whose members may write: root's own group, and under sudo that of whoever called it. */
  readonly gids: readonly number[];
}

const numbers = (first: number, other: string | undefined): number[] =>
  /^\d+$/.test(other ?? '') ? [first, Number(other)] : [first];

/** Root's, and under sudo that of whoever called it. */
export const trustedByRoot = (env: NodeJS.ProcessEnv = process.env): Trusted => ({
  uids: numbers(0, env.SUDO_UID),
  gids: numbers(0, env.SUDO_GID),
});

/** Who of those that are not trusted can change what is there; null: nobody. Of a directory: put something else there. */
export function untrusted(
  { uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  { uids, gids }: Trusted,
): string | null {
  if (!uids.includes(uid)) return `user ${uid}, whose it is,`;
  if ((mode & OTHERS_WRITE) !== 0) return 'everybody';
  if ((mode & GROUP_WRITES) !== 0 && !gids.includes(gid)) return `group ${gid}`;
  return null;
}

/** In a sticky directory (/tmp) nobody takes away or renames what is not theirs. */
export const isSticky = ({ mode }: Pick<Stats, 'mode'>): boolean => (mode & STICKY) !== 0;
export const everybodyWrites = ({ mode }: Pick<Stats, 'mode'>): boolean => (mode & OTHERS_WRITE) !== 0;
