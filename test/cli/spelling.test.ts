// Options in every way to spell them: after their letter at once, after =, as the next word, in a cluster.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { type Option, TABLE } from '../../src/cli/options.ts';
import { parse, parseCall, parseOptions } from '../../src/cli/parse.ts';
import { firstLook } from '../../src/cli/plain.ts';
import { ownWords } from '../../src/cli/rest.ts';
import { isGiven } from '../../src/cli/spelling.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const words = (line: string): string[] => line.split(' ');

function problem(args: readonly string[]): string {
  try {
    parse(args);
  } catch (error) {
    if (error instanceof UsageError) return `${error.message}: ${error.hint}`;
    throw error;
  }
  throw new Error(`${args.join(' ')} was taken`);
}

describe('a letter with its value at once', () => {
  it.each([
    ['-d10s', { duration: 10_000 }],
    ['-d=10s', { duration: 10_000 }],
    ['-d 10s', { duration: 10_000 }],
    ['-asuccess', { answer: 'success' }],
    ['-stour', { scenario: 'tour' }],
    ['-bmock', { backend: 'mock' }],
    ['-n2', { count: 2 }],
    ['-n2 -asuccess -d1.5s', { count: 2, answer: 'success', duration: 1500 }],
    ['-s=a=b', { scenario: 'a=b' }],
    ['-D17:00.0 -D18:00.0', { backend: 'host', device: ['17:00.0', '18:00.0'] }],
    ['-Vd5s', { version: true, duration: 5_000 }],
    ['-Vn 5', { version: true, count: 5 }],
    ['-hV', { help: true, version: true }],
    ['-r -', { rules: '-' }],
    ['-r -1', { rules: '-1' }],
    ['--rules -x.toml', { rules: '-x.toml' }],
  ])('%s', (line, given) => expect(parse(words(line))).toEqual(given));

  it('is the whole rest: POSIX', () => {
    expect(problem(['-an2'])).toContain('-a (--answer): there is no "n2"');
  });
});

describe('mistakes name what was typed', () => {
  it.each([
    ['-d -1s', '-d (--duration): "-1s" is not a duration'],
    ['-d-1s', '-d (--duration): "-1s" is not a duration'],
    ['--duration -1s', '--duration: "-1s" is not a duration'],
    ['--seed -1', '--seed: "-1" cannot be used'],
    ['-n -5', '-n (--count): "-5" cannot be used'],
    ['-d', '-d (--duration) needs a value: give -d TIME'],
    ['-d=', '-d (--duration) needs a value'],
    ['-d -n2', '-d (--duration) needs a value'],
    ['-d --headless', '-d (--duration) needs a value'],
    ['-d -- 5s', '-d (--duration) needs a value'],
    ['--duration=', '--duration needs a value: give --duration TIME'],
    ['--duration --', '--duration needs a value'],
    ['-n1 -n2', '-n (--count) is given 2 times: give it once'],
    ['-n1 --count 2', '--count is given 2 times'],
    ['-x', 'unknown option -x: see iopftop --help'],
    ['-Vx5', 'unknown option -x in -Vx5'],
    ['-0', 'unknown option -0'],
    ['-headless', 'unknown option -headless: did you mean --headless?'],
    ['-duration=5s', 'unknown option -duration: did you mean --duration?'],
    ['-Virtual-time', 'unknown option -i in -Virtual-time: did you mean --virtual-time?'],
    ['--duratoin=5s', 'unknown option --duratoin: did you mean --duration?'],
    ['--=x', 'unknown option --'],
    ['--__proto__=x', 'unknown option --__proto__'],
    ['--constructor', 'unknown option --constructor'],
    ['--_=x', 'unknown option --_'],
    ['--$0=x', 'unknown option --$0'],
    ['-V=x', '--version: "x" cannot be used'],
    ['-– 5', 'unknown option -–'],
  ])('%s', (line, said) => expect(problem(words(line))).toContain(said));

  it('an option of the program that a command has not', () => {
    const exec = COMMANDS.find(({ words: [first] }) => first === 'exec')!;
    const call = (line: string) => parseCall(exec, ['exec', ...words(line)]);
    expect(() => call('-n5 cmd')).toThrow('iopftop exec has no -n');
    expect(() => call('-d 5s cmd')).toThrow('iopftop exec has no -d');
    expect(call('-Da -asuccess cmd').given).toEqual({ device: ['a'], answer: 'success' });
  });
});

it('the screen is told beforehand by either spelling', () => {
  const look = (line: string) => firstLook(words(`--config none ${line}`), 'tour', {});
  expect(look('-sstuck')).toEqual(look('--scenario stuck'));
  expect(look('-D17:00.0')).toEqual(look('--device=17:00.0'));
  expect(look('-Vsstuck')).toBeNull();
});

it('help is found in a cluster, and not in a value', () => {
  expect(isGiven('help', ['-Vh'], TABLE)).toBe(true);
  expect(isGiven('help', ['-sh'], TABLE)).toBe(false);
  expect(isGiven('help', ['--', '-h'], TABLE)).toBe(false);
});

const PLAIN: readonly Option[] = TABLE.filter(({ kind, many }) => kind === 'text' && !many);
const text = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.stringMatching(/^["'=\- a-z]{1,8}$/));

describe('made-up command lines', () => {
  it('give back every text as it was given, in whatever way', () => {
    const way = fc.constantFrom('long=', 'long', 'short', 'short=', 'letter');
    fc.assert(
      fc.property(fc.constantFrom(...PLAIN), way, text, ({ name, alias }, how, value) => {
        const letter = alias === undefined || how.startsWith('long') ? `--${name}` : `-${alias}`;
        if (how === 'letter' && alias !== undefined) {
          if (value.startsWith('=') || TABLE.some((o) => `${alias}${value}`.split('=')[0] === o.name)) return;
          expect(parseOptions([letter + value])).toMatchObject({ [name]: value });
        } else if (how.endsWith('=')) {
          if (letter.length === 2 && value.startsWith('=')) return;
          expect(parseOptions([`${letter}=${value}`])).toMatchObject({ [name]: value });
        } else if (!value.startsWith('-')) {
          expect(parseOptions([letter, value])).toMatchObject({ [name]: value });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are taken, or refused in one way', () => {
    const bits = [
      ...TABLE.map(({ name }) => `--${name}`),
      ...TABLE.flatMap(({ alias }) => (alias ? [`-${alias}`] : [])),
    ];
    const word = fc.oneof(
      fc.constantFrom(...bits, '--', '-', '', '=', '5s', '-1', 'exec', 'devices', 'config', 'print'),
      fc.tuple(fc.constantFrom(...bits), text).map(([bit, value]) => `${bit}${value}`),
      text,
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (args) => {
        const own = ownWords(args);
        expect(own.length).toBeLessThanOrEqual(args.length);
        firstLook(args, 'tour', { HOME: '/nonexistent' });
        for (const read of [
          () => parse(args),
          ...COMMANDS.map((command) => () => parseCall(command, [...command.words, ...args])),
        ]) {
          try {
            read();
          } catch (error) {
            if (!(error instanceof UsageError)) throw error;
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
