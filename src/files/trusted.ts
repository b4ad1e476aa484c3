// Whose files are trusted: not those that another user could have put there, or could change.
import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** The trusted users, and the groups whose members may write. */
export interface Trusted {
  readonly uids: readonly number[];
  readonly gids: readonly number[];
}

type Owned = Pick<Stats, 'uid' | 'gid' | 'mode'>;

const rootAnd = (id: string | undefined): number[] => (/^\d+$/.test(id ?? '') ? [0, Number(id)] : [0]);

/** Root, and under sudo the user who called it. */
export const trustedByRoot = (env: NodeJS.ProcessEnv = process.env): Trusted => ({
  uids: rootAnd(env.SUDO_UID),
  gids: rootAnd(env.SUDO_GID),
});

export const everybodyWrites = ({ mode }: Pick<Stats, 'mode'>): boolean => (mode & OTHERS_WRITE) !== 0;

/** Which untrusted user can change it, and what to do about it; null: none. */
export interface Distrust {
  readonly why: string;
  readonly hint: string;
  /** It belongs to another user; it is not one of ours that others can write. */
  readonly foreign: boolean;
}

/** For a file, or a directory: a user who can write a directory can replace a file in it. */
export function distrust({ uid, gid, mode }: Owned, { uids, gids }: Trusted): Distrust | null {
  if (!uids.includes(uid)) return { why: `belongs to user ${uid}`, hint: 'chown it to root', foreign: true };
  if (everybodyWrites({ mode })) return { why: 'is writable by everyone', hint: 'chmod o-w it', foreign: false };
  if ((mode & GROUP_WRITES) !== 0 && !gids.includes(gid)) {
    return { why: `is writable by group ${gid}`, hint: 'chmod g-w it', foreign: false };
  }
  return null;
}

/** In a sticky directory (/tmp) nobody can remove or rename another user's files. */
const asDirectory = (directory: Stats): Owned =>
  (directory.mode & STICKY) === 0 ? directory : { ...directory, mode: directory.mode & ~(GROUP_WRITES | OTHERS_WRITE) };

/** The directory and its parents. */
function* upwards(directory: string): Generator<string> {
  for (let at = directory; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

/**
 * The first untrusted directory above the file, on its real path or its given path; or an untrusted link in the path.
 * Throws Node's error if the path does not exist.
 */
export function distrustOfPath(path: string, trusted: Trusted): ({ readonly path: string } & Distrust) | null {
  const link = lstatSync(path);
  if (link.isSymbolicLink() && !trusted.uids.includes(link.uid)) {
    return {
      path,
      why: `is a link owned by user ${link.uid}`,
      hint: 'give the path of the file itself',
      foreign: true,
    };
  }
  const places = [...upwards(dirname(realpathSync.native(path))), ...upwards(realpathSync.native(dirname(path)))];
  for (const place of places) {
    const found = distrust(asDirectory(lstatSync(place)), trusted);
    if (found) return { path: place, ...found };
  }
  return null;
}
