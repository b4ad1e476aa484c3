// htop (a Debian package), which the idle screen is compared with.
import { spawnSync } from 'node:child_process';
import { capture, hasTool } from '../../build/run.mjs';

/** Installs htop as root where there is apt-get. Returns why there is none; null where there is. */
export function needHtop() {
  if (hasTool('htop')) return null;
  if (!hasTool('apt-get')) return 'htop is not installed';
  if (process.getuid?.() !== 0) return 'htop is not installed; run: sudo apt-get install -y htop';
  process.stderr.write('bench: installing htop\n');
  /** @param {string[]} args */
  const apt = (...args) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync('apt-get', ['-qq', '-y', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  if (capture('apt-cache', ['policy', 'htop'])?.includes('Candidate: (none)') !== false) apt('update');
  apt('--no-install-recommends', 'install', 'htop');
  return hasTool('htop') ? null : 'cannot install htop here';
}
