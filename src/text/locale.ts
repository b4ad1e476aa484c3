// Whether output may use more than ASCII.

/** As the C library reads it: the first of the three that is set and not empty. */
export const isUtf8 = ({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean =>
  /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');

/** The Linux console's font lacks most of what we draw, and every script that names may be written in. */
const isPoor = ({ TERM }: NodeJS.ProcessEnv): boolean => TERM === 'linux' || TERM === 'dumb';

/** Whether a terminal of this environment shows more than ASCII. */
export const hasUnicode = (env: NodeJS.ProcessEnv): boolean => !isPoor(env) && isUtf8(env);

export type UnicodeChoice = 'auto' | 'always' | 'never';

/** Whether text other than the screen must stay within ASCII. `isTerminal`: whether it is written to a terminal. */
export function wantsAscii(choice: UnicodeChoice, env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (choice !== 'auto') return choice === 'never';
  return isTerminal ? !hasUnicode(env) : !isUtf8(env);
}
