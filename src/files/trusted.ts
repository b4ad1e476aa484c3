// Whose files can be relied on: not those that somebody else could have put there, or could change.
import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** Whose word counts, and the groups whose members may write. */
export interface Trusted {
  readonly uids: readonly number[];
  readonly gids: readonly number[];
}

type Owned = Pick<Stats, 'uid' | 'gid' | 'mode'>;

const rootAnd = (id: string | undefined): number[] => (/^\d+$/.test(id ?? '') ? [0, Number(id)] : [0]);

/** Root, and under sudo whoever called it. */
export const trustedByRoot = (env: NodeJS.ProcessEnv = process.env): Trusted => ({
  uids: rootAnd(env.SUDO_UID),
  gids: rootAnd(env.SUDO_GID),
});

export const everybodyWrites = ({ mode }: Pick<Stats, 'mode'>): boolean => (mode & OTHERS_WRITE) !== 0;

/** Who can change it that is not trusted, and what to do about it; null: nobody. */
export interface Distrust {
  readonly why: string;
  readonly hint: string;
  /** It is another user's, and not one of ours that others can write. */
  readonly foreign: boolean;
}

/** Of a file, or of a directory, in which whoever can write it can put another file into the place of one. */
export function distrust({ uid, gid, mode }: Owned, { uids, gids }: Trusted): Distrust | null {
  if (!uids.includes(uid)) return { why: `belongs to user ${uid}`, hint: 'chown it to root', foreign: true };
  if (everybodyWrites({ mode })) return { why: 'everybody can write it', hint: 'chmod o-w it', foreign: false };
  if ((mode & GROUP_WRITES) !== 0 && !gids.includes(gid)) {
    return { why: `group ${gid} can write it`, hint: 'chmod g-w it', foreign: false };
  }
  return null;
}

/** In a sticky directory (/tmp) nobody takes away or renames what is another's. */
const asDirectory = (directory: Stats): Owned =>
  (directory.mode & STICKY) === 0 ? directory : { ...directory, mode: directory.mode & ~(GROUP_WRITES | OTHERS_WRITE) };

/** The directory, and those that it is in. */
function* upwards(directory: string): Generator<string> {
  for (let at = directory; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

/**
 * Of the directories above the file, where it really is and where it is named; or the link that it is named by. The first that
 * is not trusted. Throws Node's error for a path that is not there.
 */
export function distrustOfPath(path: string, trusted: Trusted): ({ readonly path: string } & Distrust) | null {
  const link = lstatSync(path);
  if (link.isSymbolicLink() && !trusted.uids.includes(link.uid)) {
    return { path, why: `is a link of user ${link.uid}`, hint: 'give the path of the file itself', foreign: true };
  }
  const places = [...upwards(dirname(realpathSync.native(path))), ...upwards(realpathSync.native(dirname(path)))];
  for (const place of places) {
    const found = distrust(asDirectory(lstatSync(place)), trusted);
    if (found) return { path: place, ...found };
  }
  return null;
}
