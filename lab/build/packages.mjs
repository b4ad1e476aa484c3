// The tools that a kernel build needs, by the Debian package that each comes in.
import { existsSync } from 'node:fs';
import { fail } from './fail.mjs';
import { capture, hasTool, run } from './run.mjs';

const TOOLS = { flex: 'flex', bison: 'bison', bc: 'bc', xz: 'xz-utils', gcc: 'gcc', make: 'make', tar: 'tar' };
const HEADERS = { '/usr/include/gelf.h': 'libelf-dev', '/usr/include/pty.h': 'libc6-dev' };

/**
 * Packages that are missing here.
 *
 * @param {(tool: string) => boolean} has @param {(file: string) => boolean} exists
 */
export function missingPackages(has = hasTool, exists = existsSync) {
  return [
    ...Object.entries(TOOLS).flatMap(([tool, name]) => (has(tool) ? [] : [name])),
    ...Object.entries(HEADERS).flatMap(([file, name]) => (exists(file) ? [] : [name])),
  ];
}

/**
 * Installs what is missing as root; without root says what to run, and ends.
 *
 * @param {{progress: import('./progress.mjs').Progress, log: string}} how
 */
export async function needPackages({ progress, log }) {
  if (process.arch !== 'x64') fail('the lab needs x86-64: User-Mode Linux is not built for other machines');
  const missing = missingPackages();
  const [first] = missing;
  const debian = hasTool('apt-get') && hasTool('dpkg-deb');
  if (first === undefined && debian) return;
  if (!debian) {
    fail(
      'the lab takes its kernel source from a Debian package, but apt-get and dpkg-deb are missing: ' +
        'run it on Debian 12 or later, or in a Debian container',
    );
  }
  if (process.getuid?.() !== 0) fail(`missing packages; run:\n  sudo apt-get install -y ${missing.join(' ')}`);
  progress.step(`installing ${missing.join(' ')}`);
  const install = ['-qq', '-y', '--no-install-recommends', 'install', ...missing];
  if (capture('apt-cache', first === undefined ? [] : ['policy', first])?.includes('Candidate: (none)') !== false) {
    await run('apt-get', ['-qq', 'update'], { log, what: 'apt-get update' });
  }
  await run('apt-get', install, { log, what: `apt-get install ${missing.join(' ')}` });
}
