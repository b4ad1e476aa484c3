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
  const wanted = ([name]) => NAMES.includes(name) || PREFIXES.some((p) => name.startsWith(p));
  const path = [bin, env.PATH, '/usr/sbin', '/sbin'].filter(Boolean).join(':');
  return { ...Object.fromEntries(Object.entries(env).filter(wanted)), PATH: path, IOPFTOP_LAB: '1' };
}
