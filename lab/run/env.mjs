const NAMES = [
  'HOME',
  'TERM',
  'LANG',
  'LC_ALL',
  'TZ',
  'USER',
  'SHELL',
  'NO_COLOR',
  'FORCE_COLOR',
  'COLORTERM',
  'CI',
  'NODE_OPTIONS',
  'NODE_ENV',
  'EDITOR',
  'PAGER',
  'TMPDIR',
];
const PREFIXES = ['IOPFTOP_', 'XDG_', 'BENCH_'];

/**
 * The part of the caller's environment that a command in the lab gets, with the checkout's programs first in PATH.
 *
 * @param {NodeJS.ProcessEnv} env @param {string} bin
 * @returns {Record<string, string>}
 */
export function guestEnv(env, bin) {
  /** @param {string} name */
  const wanted = (name) => NAMES.includes(name) || PREFIXES.some((p) => name.startsWith(p));
  const path = [bin, env.PATH, '/usr/sbin', '/sbin'].filter(Boolean).join(':');
  const taken = Object.entries(env).flatMap(([name, value]) =>
    wanted(name) && value !== undefined ? [[name, value]] : [],
  );
  return { ...Object.fromEntries(taken), PATH: path, IOPFTOP_LAB: '1' };
}
