// Options that only commands have.
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
    describe: 'Leave the trial attach out: opening a device resets it',
    group,
  },
  output: {
    name: 'output',
    alias: 'o',
    kind: 'text',
    value: 'FILE',
    names: 'file',
    describe: 'Where the output of the command goes; default: a new file in $TMPDIR, or headless, stderr',
    group,
  },
  yes: { name: 'yes', alias: 'y', kind: 'flag', describe: 'Do not ask', group },
  rescueDryRun: {
    name: 'dry-run',
    kind: 'flag',
    describe: 'Say what it would do and what is known of the process, and do nothing',
    group,
  },
  noStop: {
    name: 'no-stop',
    kind: 'flag',
    describe: 'Do not stop the process meanwhile: it may read and answer at the same time, and a cookie may be reused',
    group,
  },
  leaveStopped: {
    name: 'leave-stopped',
    kind: 'flag',
    conflicts: ['no-stop'],
    describe: 'Do not let it go on afterwards (kill -CONT does)',
    group,
  },
  code: {
    name: 'code',
    kind: 'choice',
    choices: ['invalid', 'success'],
    default: 'invalid',
    describe: 'What its groups are answered',
    group,
  },
  unseenSuccess: {
    name: 'unseen-success',
    kind: 'flag',
    needs: [{ name: 'code', value: 'success' }],
    describe: 'SUCCESS goes to groups, too, that the process has read and nobody here has seen',
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
