// The one table of commands: the parser, the help, the man page and the completions are made from it. What each does is
// in run-command.ts.
import { didYouMean } from '../text/nearest.ts';
import { COMMAND_OPTIONS as OF } from './command-options.ts';
import type { Option } from './option.ts';
import { CONFIGURABLE, type OptionName, TABLE } from './options.ts';
import { UsageError } from './usage-error.ts';

export interface Argument {
  /** As the help shows it: SHELL. */
  readonly name: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly names?: 'file';
  /** Takes everything that is left, options too (`exec -- COMMAND ARGS`). */
  readonly rest?: true;
}

export interface Command {
  /** One word, or two: `config print`. */
  readonly words: readonly [string] | readonly [string, string];
  readonly describe: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
}

const optionsNamed = (...names: OptionName[]): Option[] => names.map((name) => TABLE.find((o) => o.name === name)!);
const HELP = optionsNamed('help');

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The options that `iopftop exec` does not take: it is a run on devices that ends with its command. */
const NOT_FOR_EXEC: readonly OptionName[] = [
  'backend',
  'scenario',
  'seed',
  'rate',
  'list-scenarios',
  'devices',
  'pid',
  'take',
  'fault-fd',
  'iommufd',
  'device-fd',
  'listen',
  'virtual-time',
  'pause-at',
  'duration',
  'count',
  'idle',
  'once',
  'json',
  'version',
];

/** Without the simulated hosts and the selftest devices of other runs. */
const ofExec = (option: Option): Option => ({
  ...option,
  describe: option.describe.replace(/; (?:with --backend mock|selftest devices)\b.*$/, ''),
});

export const COMMANDS: readonly Command[] = [
  {
    words: ['devices'],
    describe: 'List devices with an IOMMU group: which can fault, and what the others are missing',
    arguments: [{ name: 'DEVICE', required: false }],
    options: [OF.host, OF.json, ...HELP],
  },
  {
    words: ['doctor'],
    describe: 'Check every link from the kernel to the first fault, each with the command that fixes it',
    arguments: [{ name: 'DEVICE', required: false }],
    options: [OF.host, OF.noTrial, OF.json, ...HELP],
  },
  {
    words: ['exec'],
    describe: 'Start a user-space driver with the iommufd and the devices open in it, and handle its faults',
    arguments: [{ name: 'COMMAND', required: true, rest: true }],
    options: [
      OF.real,
      ...TABLE.filter(({ name }) => !NOT_FOR_EXEC.includes(name as OptionName) && name !== 'help').map(ofExec),
      OF.output,
      ...HELP,
    ],
  },
  {
    words: ['rescue'],
    describe: 'Free the devices of a process that hangs: answer the groups in its queues and those it has read',
    arguments: [],
    options: [
      ...optionsNamed('pid'),
      OF.rescueDryRun,
      OF.yes,
      OF.code,
      OF.unseenSuccess,
      OF.noStop,
      OF.leaveStopped,
      OF.scan,
      OF.json,
      ...optionsNamed('journal'),
      ...HELP,
    ],
  },
  {
    words: ['config', 'print'],
    describe: 'Print the configuration in force as a configuration file, with every key explained',
    arguments: [],
    options: [...CONFIGURABLE, ...optionsNamed('config'), ...HELP],
  },
  {
    words: ['config', 'check'],
    describe: 'Check a configuration file and list everything that is wrong in it',
    arguments: [{ name: 'FILE', required: false, names: 'file' }],
    options: [...optionsNamed('config'), ...HELP],
  },
  {
    words: ['completion'],
    describe: 'Print the completions for a shell',
    arguments: [{ name: 'SHELL', required: true, choices: SHELLS }],
    options: HELP,
  },
  { words: ['man'], describe: 'Print the manual page (roff)', arguments: [], options: HELP },
];

/** First words, each once. */
export const FIRST_WORDS: readonly string[] = [...new Set(COMMANDS.map(({ words }) => words[0]))];

/** The second words that go with a first one; none for a command of one word. */
export const secondWords = (first: string): string[] =>
  COMMANDS.flatMap(({ words }) => (words[0] === first && words[1] !== undefined ? [words[1]] : []));

/** `[FILE]`, `SHELL`, `COMMAND ...`. */
export const argumentText = ({ name, required, choices, rest }: Argument): string => {
  const text = `${choices?.join('|') ?? name}${rest ? ' ...' : ''}`;
  return required ? text : `[${text}]`;
};

/** `config check [FILE]` */
export const commandText = ({ words, arguments: args }: Command): string =>
  [...words, ...args.map(argumentText)].join(' ');

/** The command that the arguments begin with. Throws UsageError where the second word is missing or not known. */
export function commandOf(args: readonly string[]): Command | null {
  const [first = '', second = ''] = args;
  if (!FIRST_WORDS.includes(first)) return null;
  const seconds = secondWords(first);
  if (seconds.length === 0) return COMMANDS.find(({ words }) => words[0] === first)!;
  const found = COMMANDS.find(({ words }) => words[0] === first && words[1] === second);
  if (found) return found;
  if (second === '' || second.startsWith('-')) {
    throw new UsageError(`iopftop ${first} needs one more word`, `iopftop ${first} ${seconds.join('|')}`);
  }
  throw new UsageError(
    `there is no command ${JSON.stringify(`${first} ${second}`)}`,
    didYouMean(
      `${first} ${second}`,
      COMMANDS.map(({ words }) => words.join(' ')),
    ),
  );
}
