// Options that only commands take.
import type { Option } from './option.ts';

const group = 'Options';

export const COMMAND_OPTIONS = {
  host: {
    name: 'backend',
    alias: 'b',
    kind: 'choice',
    choices: ['host', 'mock'],
    default: 'host',
    describe: 'host: this machine; mock: a simulated one, with devices of every kind',
    group,
  },
  /** Of `exec`. */
  real: {
    name: 'backend',
    alias: 'b',
    kind: 'choice',
    choices: ['host'],
    refused: {
      mock: 'the descriptors of simulated devices are simulated, too: no command could use them',
      selftest: 'selftest devices have no descriptors',
      hint: 'leave --backend out; in the lab, --device vfio0',
    },
    default: 'host',
    describe: 'host: this machine; simulated devices have no descriptors that a command could use',
    group,
  },
  json: { name: 'json', kind: 'flag', describe: 'As JSON', group },
  noTrial: {
    name: 'no-trial',
    kind: 'flag',
    describe: 'Skip the trial attach; opening a device resets it',
    group,
  },
  output: {
    name: 'output',
    alias: 'o',
    kind: 'text',
    value: 'FILE',
    names: 'file',
    describe: 'File for the output of the command; default: a new file in $TMPDIR, or stderr when headless',
    group,
  },
  yes: { name: 'yes', alias: 'y', kind: 'flag', describe: 'Do not ask for confirmation', group },
  rescueDryRun: {
    name: 'dry-run',
    kind: 'flag',
    describe: 'Show what it would do and what is known about the process, without doing it',
    group,
  },
  noStop: {
    name: 'no-stop',
    kind: 'flag',
    describe: 'Do not stop the process: it may read and answer at the same time, and a cookie may be reused',
    group,
  },
  leaveStopped: {
    name: 'leave-stopped',
    kind: 'flag',
    conflicts: ['no-stop'],
    describe: 'Leave it stopped afterwards (kill -CONT resumes it)',
    group,
  },
  code: {
    name: 'code',
    kind: 'choice',
    choices: ['invalid', 'success'],
    default: 'invalid',
    describe: 'How to answer its groups',
    group,
  },
  unseenSuccess: {
    name: 'unseen-success',
    kind: 'flag',
    needs: [{ name: 'code', value: 'success' }],
    describe: 'Allow SUCCESS for groups that the process read and iopftop never saw',
    group,
  },
  scan: {
    name: 'scan',
    kind: 'integer',
    value: 'N',
    default: '65536',
    min: 0,
    max: 16_777_216,
    describe: 'Cookies to try beyond the last one known',
    group,
  },
} as const satisfies Record<string, Option>;

export type CommandOptionName = (typeof COMMAND_OPTIONS)[keyof typeof COMMAND_OPTIONS]['name'];
