// The program as it is installed, without the checks of a clone; and the environment of a measured program, without variables that
// Node obeys (bin/iopftop hides them; loading NODE_EXTRA_CA_CERTS alone takes a bare Node longer than everything else).
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { checkout } from '../paths.mjs';

/** @type {typeof import('@homebridge/node-pty-prebuilt-multiarch')} */
const pty = createRequire(join(checkout, 'package.json'))('@homebridge/node-pty-prebuilt-multiarch');
/** @type {Record<string, string>} */
export const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_'))),
  // The same Node for both.
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  XDG_CONFIG_HOME: '/nonexistent',
};

/** The program: copied once per run of the benchmarks into the clone's dist/, where koffi is found. */
export function installed(clone = checkout) {
  const root = join(clone, 'dist', 'bench', 'installed');
  const program = join(root, 'bin', 'iopftop');
  if (existsSync(program)) return program;
  const bundle = readdirSync(join(clone, 'dist')).filter((name) => /\.js$|^package\.json$/.test(name));
  for (const part of ['scenarios', 'package.json', ...bundle.map((name) => join('dist', name)), 'bin']) {
    cpSync(join(clone, part), join(root, part), { recursive: true });
  }
  return program;
}

/** A program in a pseudo-terminal. @param {string} file @param {string[]} args */
export function inTerminal(file, ...args) {
  const env = { ...environment, TERM: 'xterm-256color' };
  return pty.spawn(file, args, { cols: 120, rows: 40, cwd: checkout, env });
}
