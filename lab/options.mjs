import { fail } from './build/fail.mjs';

export const USAGE = `npm run lab [-- [options] [command [arguments]]]
A real Linux kernel with iommufd fault objects, run as an ordinary process over this machine's files.
Without a command: a shell. "iopftop" is this checkout's. The first run builds the kernel (about 5 minutes).

  --build               only build what is missing
  --status              what is built, and where
  --headers             print the directory of the kernel's headers
  --clean               remove all that was built or downloaded
  --mem MEGABYTES       memory of the guest (2048)
  --kernel-args "ARGS"  additional arguments for the kernel command line
  --log                 print what the kernel logged at the end
  --check-kernel        exit 124 if the kernel reported a kernel bug (BUG, WARNING, Oops)
  --help                this text

Exit status: the command's; 125 if the kernel ended first; 1 if the lab could not be built.
IOPFTOP_LAB_CACHE sets another directory for the build ($XDG_CACHE_HOME/iopftop/lab).
`;

const MIN_MEGABYTES = 64;
const ACTIONS = /** @type {const} */ (['help', 'build', 'status', 'clean', 'headers']);

/**
 * @typedef {{action: 'run' | typeof ACTIONS[number], command: string[], mem: number, kernelArgs: string, log: boolean,
 *   checkKernel: boolean}} Options
 */

/** @param {string[]} args */
export function parse(args) {
  /** @type {Options} */
  const options = { action: 'run', command: [], mem: 2048, kernelArgs: '', log: false, checkKernel: false };
  const rest = [...args];
  /** @param {string} name */
  const value = (name) => rest.shift() ?? fail(`${name} needs a value; see --help`);
  while (rest[0]?.startsWith('-')) {
    const name = value('--');
    if (name === '--') break;
    const action = ACTIONS.find((one) => name === `--${one}`);
    if (action) options.action = action;
    else if (name === '--log') options.log = true;
    else if (name === '--check-kernel') options.checkKernel = true;
    else if (name === '--kernel-args') options.kernelArgs = value(name);
    else if (name === '--mem') {
      options.mem = Number(value(name));
      if (!Number.isInteger(options.mem) || options.mem < MIN_MEGABYTES) {
        fail(`--mem must be a whole number of megabytes, at least ${MIN_MEGABYTES}`);
      }
    } else fail(`unknown option ${name}; see --help`);
  }
  options.command = rest;
  return options;
}
