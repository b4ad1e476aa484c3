// Which home directory to use: $HOME may be unset (a service), relative, or still another user's (su, setpriv, cron).
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** The one in the user database; null: the user has none there. */
function ofDatabase(): string | null {
  try {
    const { homedir } = userInfo();
    return isAbsolute(homedir) ? homedir : null;
  } catch {
    return null;
  }
}

/** $HOME, or the home directory of the user database if that is not set or not absolute; null: there is neither. */
export const homeDirectory = ({ HOME: home }: NodeJS.ProcessEnv, database = ofDatabase): string | null =>
  home !== undefined && isAbsolute(home) ? home : database();

/** The same, for writing: $HOME only if it belongs to the effective user. */
export function ownHomeDirectory(env: NodeJS.ProcessEnv, database = ofDatabase): string | null {
  const home = homeDirectory(env, database);
  if (home === null) return null;
  try {
    return statSync(home).uid === process.geteuid?.() ? home : database();
  } catch {
    return database();
  }
}
