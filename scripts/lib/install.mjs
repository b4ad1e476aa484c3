// Installs the packages of package-lock.json with npm. Install scripts are off: nothing here needs one.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from './errors.mjs';
import { INSTALL_STAMP, installKey } from './fresh.cjs';

/** What went wrong in words for the user: `hint` is what to do about it. */
export class SetupError extends Error {
  /** @param {string} message @param {string} hint */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** @type {[pattern: RegExp, message: string, hint: string][]} */
const CAUSES = [
  [/ENOSPC|no space left/i, 'the disk is full', 'free some space (about 300 MB) and run it again'],
  [/EROFS|read-only file system/i, 'the directory is read-only', 'clone to a directory that you can write to'],
  [/EACCES|EPERM/, 'no permission to write', 'make the clone yours (chown -R) or clone somewhere else'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i,
    'the npm registry cannot be reached',
    'check the network and `npm config get registry` (and proxy settings), then run it again',
  ],
  [/EINTEGRITY/, 'a package is not what package-lock.json says', 'run `npm cache clean --force` and try again'],
];

/**
 * The first known cause in what npm or the system said, as a SetupError.
 *
 * @param {string} what @param {string} text
 */
export function explain(what, text) {
  for (const [pattern, message, hint] of CAUSES) {
    if (pattern.test(text)) return new SetupError(`${what}: ${message}`, hint);
  }
  const lines = text.trim().split('\n').slice(-6).join('\n    ');
  return new SetupError(`${what}\n    ${lines}`, 'see above; `npm ci` run by hand shows all of it');
}

/** @param {string} path */
const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};

/** @typedef {{version?: string, os?: string[], cpu?: string[], libc?: string[], optional?: boolean}} LockEntry */

/** @param {LockEntry} entry */
const fits = (entry) =>
  (!entry.os || entry.os.includes(process.platform)) && (!entry.cpu || entry.cpu.includes(process.arch)) && !entry.libc;

/**
 * Did somebody run `npm ci` by hand? Then what npm says it installed is what the lock file says.
 *
 * @param {string} root
 */
export function isAlreadyInstalled(root) {
  /** @type {Record<string, LockEntry> | undefined} */
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  /** @type {Record<string, LockEntry> | undefined} */
  const found = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    // Of the packages made for one system, those for this one must be there; what only others need is not.
    if (path === '' || (entry.optional && !fits(entry))) return true;
    const there = found[path];
    return there ? there.version === entry.version && existsSync(join(root, path)) : !entry.cpu && entry.optional;
  });
}

/**
 * npm as it was started, or the one beside node, or the one on the PATH.
 *
 * @returns {[file: string, args: string[]]}
 */
function npmCommand() {
  const { npm_execpath: running } = process.env;
  if (running && /npm-cli\.[cm]?js$/.test(running) && existsSync(running)) return [process.execPath, [running]];
  const beside = join(dirname(process.execPath), 'npm');
  return [existsSync(beside) ? beside : 'npm', []];
}

/**
 * @param {string} command @param {string[]} args @param {string} root
 * @returns {Promise<{code: number | null, text: string}>}
 */
function run(command, args, root) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    /** @param {Buffer} chunk */
    const collect = (chunk) => {
      text = (text + chunk).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      const missing = codeOf(error) === 'ENOENT';
      reject(
        missing ? new SetupError('npm was not found', 'install npm (it comes with Node) or put it on the PATH') : error,
      );
    });
    child.on('close', (code) => resolve({ code, text }));
  });
}

/**
 * Installs if needed and writes the stamp. `say(text)` reports progress. Throws SetupError.
 *
 * @param {string} root @param {(text: string) => void} say
 */
export async function install(root, say) {
  if (!isAlreadyInstalled(root)) {
    const started = Date.now();
    say('installing the packages (once, about 300 MB) …');
    rmSync(join(root, INSTALL_STAMP), { force: true });
    const flags = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--engine-strict=false'];
    const [command, first] = npmCommand();
    const { code, text } = await run(
      command,
      [...first, ...flags, '--no-audit', '--no-fund', '--loglevel=error'],
      root,
    );
    if (code !== 0) throw explain('installing the packages failed', text);
    say(`packages installed in ${Math.round((Date.now() - started) / 1000)} s`);
  }
  writeFileSync(join(root, INSTALL_STAMP), installKey(root));
}
