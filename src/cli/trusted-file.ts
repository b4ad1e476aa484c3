// Files that decide what is done as root: those that others could write are refused.
import type { Stats } from 'node:fs';
import { UsageError } from './usage-error.ts';

const OTHERS_WRITE = 0o002;

/** Whose word counts: root's, and under sudo that of whoever called it. */
export const trustedUids = (env: NodeJS.ProcessEnv = process.env): number[] =>
  /^\d+$/.test(env.SUDO_UID ?? '') ? [0, Number(env.SUDO_UID)] : [0];

/**
 * Nothing where we are not root. Throws UsageError for a file of somebody else, or one that everybody can write; what is no
 * regular file (a pipe, /dev/stdin) is whoever's who gave it.
 */
export function checkTrusted(
  name: string,
  { uid, mode, isFile }: Pick<Stats, 'uid' | 'mode'> & { isFile: boolean },
  euid = process.geteuid?.() ?? 0,
  trusted = trustedUids(),
): void {
  if (euid !== 0 || !isFile) return;
  if (!trusted.includes(uid)) {
    throw new UsageError(`${name}: belongs to user ${uid}, who could change what is done as root`, `chown it to root`);
  }
  if ((mode & OTHERS_WRITE) !== 0) {
    throw new UsageError(`${name}: everybody can write it, and so change what is done as root`, `chmod o-w it`);
  }
}
