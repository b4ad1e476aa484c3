// Every example of the man page, the README and docs/: parsed, and run where the mock can. An example that is wrong is worse than none.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandOf } from '../../src/cli/commands.ts';
import { engineOptions } from '../../src/cli/engine-options.ts';
import type { Given } from '../../src/cli/given.ts';
import { EXAMPLES } from '../../src/cli/man.ts';
import { parse, parseCall } from '../../src/cli/parse.ts';
import { iopftop, ROOT } from '../helpers/bin.ts';

/** Words as a shell makes them, and what ends a command: `|`, `;`, `&`, `>`, parentheses, a comment. */
const TOKEN = /\s*(#.*|[|;&<>()]+|(?:[^\s|;&<>()"'#\\]|\\.|"[^"]*"|'[^']*'|(?<=\S)#)+)/y;

/** The commands of a line, as words; what is redirected, and where to, is left out. */
function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  let target = false;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(line); match; match = TOKEN.exec(line)) {
    const token = match[1] as string;
    if (token.startsWith('#')) break;
    if (/^[<>]/.test(token)) target = true;
    else if (/^[|;&()]/.test(token)) commands.push([]);
    else if (target) target = false;
    else commands.at(-1)!.push(token.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, a, b, c) => a ?? b ?? c));
  }
  return commands.filter((words) => words.length > 0);
}

/** What comes after `iopftop` in a command, however that is started; null: it is another program. */
function argumentsOf(words: readonly string[]): string[] | null {
  const line = words
    .join('\0')
    .replace(/^sudo\0/, '')
    .replace(/^npm\0run\0lab\0--\0/, '');
  const [, rest] = /^(?:npm\0start(?:\0--)?|(?:bin\/)?iopftop)(?:\0([\s\S]*))?$/.exec(line) ?? [];
  if (!/^(?:npm\0start|(?:bin\/)?iopftop)(?:\0|$)/.test(line)) return null;
  return rest === undefined || rest === '' ? [] : rest.split('\0');
}

const inDocument = (path: string): string[] =>
  [...readFileSync(`${ROOT}${path}`, 'utf8').matchAll(/^```(?:sh|console|bash)\n([\s\S]*?)^```/gm)].flatMap(
    ([, block]) =>
      block!
        .replace(/\\\n\s*/g, ' ')
        .split('\n')
        .map((line) => line.replace(/^\$ /, '')),
  );

const FILES = [
  'README.md',
  ...readdirSync(`${ROOT}docs`)
    .filter((f) => f.endsWith('.md'))
    .map((f) => `docs/${f}`),
];
const LINES = [
  ...EXAMPLES.map(([line]) => ['man page', line] as const),
  ...FILES.flatMap((file) => inDocument(file).map((line) => [file, line] as const)),
];
const CALLS = LINES.flatMap(([file, line]) =>
  commandsOf(line).flatMap((words) => {
    const args = argumentsOf(words);
    return args === null ? [] : [{ file, args, line: ['iopftop', ...args].join(' ') }];
  }),
);

function read(args: readonly string[]): Given {
  const command = commandOf(args);
  if (command) return parseCall(command, args).given;
  const given = parse(args);
  engineOptions(given, null, true);
  return given;
}

describe('examples', () => {
  it('are found', () => {
    expect(CALLS.length).toBeGreaterThan(30);
    expect(new Set(CALLS.map(({ file }) => file)).size).toBeGreaterThan(5);
  });

  it.each(CALLS)('can be parsed: $file: $line', ({ args }) => {
    expect(() => read(args)).not.toThrow();
  });
});

/** How the mock runs it: quick, and no farther than the end of its input. null: it cannot. */
function onMock(args: readonly string[]): string[] | null {
  const given = read(args);
  const command = commandOf(args)?.words[0];
  if (
    args.includes('--help') ||
    given.version ||
    given['list-scenarios'] ||
    command === 'man' ||
    command === 'completion'
  )
    return [...args];
  if (command === 'devices' || command === 'doctor') return given.backend ? [...args] : [...args, '--backend', 'mock'];
  if (command === 'config') return given.config === undefined && args.length === 2 ? [...args] : null;
  if (command !== undefined || given.backend === 'selftest' || given.backend === 'host') {
    const onDevice = command === undefined && given.device !== undefined && given.backend !== 'selftest';
    return onDevice ? [...args, '--backend=mock', '--headless', '--duration=50ms', '--on-exit=invalid'] : null;
  }
  // A file of the example's own is not here.
  if (given.rules !== undefined || given.config !== undefined || given.journal !== undefined) return null;
  const ends = given.duration ?? given.count ?? given.idle;
  if (given.once) return ends === undefined ? [...args, '--duration=50ms'] : [...args];
  const added = [
    ...(given.headless || given['pause-at'] !== undefined ? [] : ['--headless']),
    ...(given['virtual-time'] ? [] : ['--virtual-time']),
    ...(ends === undefined ? ['--duration=50ms'] : []),
  ];
  return given['pause-at'] === undefined ? [...args, ...added] : null;
}

const RUNS = new Map(CALLS.flatMap(({ args }) => [onMock(args)].flatMap((run) => (run ? [[run.join(' '), run]] : []))));

describe('examples that the mock can run', () => {
  it.each([...RUNS])('iopftop %s', async (_, args) => {
    const { code, stderr } = await iopftop(args as string[], {
      env: { ...process.env, XDG_CONFIG_HOME: '/nonexistent' },
    });
    // 1 and 5: doctor and devices have found something, 3: groups were held
    const fine = args[0] === 'doctor' || args[0] === 'devices' ? [0, 1, 5] : [0, 3];
    expect([fine.includes(code as number), code, stderr]).toEqual([true, code, stderr]);
    expect(stderr).not.toMatch(/needs a value|unknown option|did you mean| at .*\.ts:\d/);
  });
});
