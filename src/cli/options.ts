// The one table of options: the parser, the help and everything else that lists options is made from it.

/** How a value is written. `text` is taken as it is. */
export type OptionKind = 'flag' | 'choice' | 'text' | 'integer' | 'number' | 'duration';

export interface Option {
  readonly name: string;
  readonly alias?: string;
  readonly kind: OptionKind;
  /** Placeholder of the value in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** As the user would write it; shown in the help. */
  readonly default?: string;
  readonly min?: number;
  readonly max?: number;
  readonly describe: string;
  readonly group: string;
  /** Options that cannot be given with this one. */
  readonly conflicts?: readonly string[];
  /** Another option that this one makes no sense without: its name, and its value where that matters. */
  readonly needs?: { readonly name: string; readonly value?: string };
}

const MOCK = { name: 'backend', value: 'mock' } as const;
const SELFTEST = { name: 'backend', value: 'selftest' } as const;

const G = {
  target: 'Where faults come from',
  answer: 'Answering',
  run: 'How it runs and when it ends',
  other: 'Other',
} as const;

export const OPTIONS = [
  {
    name: 'backend',
    alias: 'b',
    kind: 'choice',
    choices: ['mock', 'selftest'],
    default: 'mock',
    describe: 'mock: the embedded simulated kernel; selftest: the mock devices of a kernel with CONFIG_IOMMUFD_TEST',
    group: G.target,
  },
  {
    name: 'scenario',
    alias: 's',
    kind: 'text',
    value: 'NAME|FILE',
    describe: 'What the devices do: a name from --list-scenarios or a TOML file (mock: default tour)',
    group: G.target,
  },
  { name: 'list-scenarios', kind: 'flag', describe: 'List the built-in scenarios and exit', group: G.target },
  {
    name: 'seed',
    kind: 'integer',
    value: 'N',
    default: '1',
    min: 0,
    max: 0xffffffff,
    describe: 'Seed of the scenario',
    group: G.target,
  },
  {
    name: 'rate',
    kind: 'number',
    value: 'X',
    default: '1',
    min: 0.001,
    max: 1e6,
    describe: 'Multiply the rates of the scenario by X',
    group: G.target,
  },
  {
    name: 'virtual-time',
    kind: 'flag',
    needs: MOCK,
    describe:
      'Simulated time: as fast as it is computed, on the screen as fast as the clock; the same seed gives the same run',
    group: G.target,
  },
  {
    name: 'pause-at',
    kind: 'duration',
    value: 'TIME',
    needs: { name: 'virtual-time' },
    conflicts: ['headless', 'once'],
    describe:
      'Go straight to TIME, and let simulated time stand still there; keys go on working (for demonstrations, tests and pictures)',
    group: G.target,
  },
  {
    name: 'devices',
    kind: 'integer',
    value: 'N',
    default: '1',
    min: 1,
    max: 256,
    needs: SELFTEST,
    describe: 'How many selftest devices to make',
    group: G.target,
  },
  { name: 'pasid', kind: 'flag', needs: SELFTEST, describe: 'Make them PASID capable', group: G.target },
  {
    name: 'hwpt',
    kind: 'choice',
    choices: ['paging', 'nested'],
    default: 'paging',
    needs: SELFTEST,
    describe: 'Kind of HWPT to attach them to',
    group: G.target,
  },
  {
    name: 'answer',
    alias: 'a',
    kind: 'choice',
    choices: ['success', 'invalid', 'hold'],
    conflicts: ['rules'],
    describe: 'Answer every group so; the default holds them for you',
    group: G.answer,
  },
  {
    name: 'rules',
    alias: 'r',
    kind: 'text',
    value: 'FILE',
    describe: 'Rules in TOML or JSON: when (a CEL expression), then (success|invalid|map|hold), after (a duration)',
    group: G.answer,
  },
  {
    name: 'on-exit',
    kind: 'choice',
    choices: ['hold', 'invalid', 'success'],
    default: 'hold',
    describe: 'What happens at the end to groups nobody answered; hold leaves them, and the kernel answers INVALID',
    group: G.answer,
  },
  { name: 'read-only', kind: 'flag', describe: 'Show only: refuse every answer and change', group: G.answer },
  {
    name: 'headless',
    kind: 'flag',
    describe: 'One JSON object a line on stdout, commands on stdin (the default where stdout is no terminal)',
    group: G.run,
  },
  {
    name: 'once',
    kind: 'flag',
    conflicts: ['count', 'idle', 'headless', 'stream', 'virtual-time'],
    describe: 'Print one snapshot, taken after --duration (default 1s), and exit',
    group: G.run,
  },
  {
    name: 'json',
    kind: 'flag',
    needs: { name: 'once' },
    describe: 'The snapshot of --once as JSON',
    group: G.run,
  },
  {
    name: 'stream',
    kind: 'choice',
    choices: ['faults', 'groups', 'none'],
    default: 'faults',
    describe: 'Headless: a line for each fault, for each group, or for neither and no answers',
    group: G.run,
  },
  {
    name: 'duration',
    alias: 'd',
    kind: 'duration',
    value: 'TIME',
    describe: 'End after TIME (500ms, 10s, 5m, 1h)',
    group: G.run,
  },
  {
    name: 'count',
    alias: 'n',
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 1e15,
    describe: 'End after N groups',
    group: G.run,
  },
  { name: 'idle', kind: 'duration', value: 'TIME', describe: 'End after TIME without a fault', group: G.run },
  {
    name: 'history',
    kind: 'integer',
    value: 'N',
    default: '1000000',
    min: 1,
    max: 100_000_000,
    describe: 'Faults kept in memory (about 65 bytes each)',
    group: G.other,
  },
  { name: 'journal', kind: 'text', value: 'FILE', describe: 'Append every answer and change to FILE', group: G.other },
  { name: 'version', alias: 'V', kind: 'flag', describe: 'Print the version and exit', group: G.other },
  { name: 'help', alias: 'h', kind: 'flag', describe: 'Print this help and exit', group: G.other },
] as const satisfies readonly Option[];

export type OptionName = (typeof OPTIONS)[number]['name'];

/** The same table, seen through its interface. */
export const TABLE: readonly Option[] = OPTIONS;
