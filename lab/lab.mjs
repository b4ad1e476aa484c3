#!/usr/bin/env node
// `npm run lab`: a real kernel with iommufd, its selftest driver and VFIO devices, as one ordinary process. No packages
// but Node's own, so that it works before npm install.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './build/fail.mjs';
import { build, status } from './build/steps.mjs';
import { parse, USAGE } from './options.mjs';
import { checkout, labPaths } from './paths.mjs';
import { boot } from './run/boot.mjs';
import { guestEnv } from './run/env.mjs';

/** The kernel ended before the command did. */
const KERNEL_ENDED = 125;
/** --check-kernel: the command ended, and the kernel reported a kernel bug. */
const KERNEL_BUG = 124;

/** @param {import('./options.mjs').Options} options */
async function runCommand(options) {
  const paths = labPaths();
  await build(paths);
  const shell = options.command.length === 0;
  if (shell && process.stderr.isTTY)
    process.stderr.write('lab: a shell in User-Mode Linux; leave it with exit or Ctrl-D\n');
  const { status: code, log } = await boot({
    linux: paths.linux,
    init: paths.init,
    command: shell ? [process.env.SHELL || '/bin/sh'] : options.command,
    // npm changes to the package's folder first and says where it was called.
    directory: process.env.INIT_CWD && process.env.npm_lifecycle_event ? process.env.INIT_CWD : process.cwd(),
    env: guestEnv(process.env, join(checkout, 'bin')),
    megabytes: options.mem,
    kernelArgs: options.kernelArgs,
  });
  if (options.log || code === undefined) process.stderr.write(`${log}\n`);
  if (code === undefined) {
    process.stderr.write('lab: the kernel ended before the command did; its messages are above\n');
    return KERNEL_ENDED;
  }
  if (log.splats.length) process.stderr.write(`lab: the kernel reported a kernel bug:\n${log}\n`);
  return options.checkKernel && log.splats.length ? KERNEL_BUG : code;
}

async function main() {
  const options = parse(process.argv.slice(2));
  switch (options.action) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'status':
      process.stdout.write(`${status()}\n`);
      return 0;
    case 'headers':
      process.stdout.write(`${labPaths().directory}\n`);
      return 0;
    case 'clean':
      rmSync(labPaths().root, { recursive: true, force: true });
      return 0;
    case 'build':
      await build();
      process.stdout.write(`${status()}\n`);
      return 0;
    default:
      return runCommand(options);
  }
}

/** Output to a pipe may still be under way. @param {NodeJS.WriteStream} stream */
const flushed = (stream) =>
  new Promise((resolve) => (stream.destroyed ? resolve(undefined) : stream.write('', resolve)));

let code = 1;
try {
  code = await main();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
}
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
