// Where the arguments of the program end and those of the command that it is to start begin.
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { parseCall } from '../../src/cli/parse.ts';
import { ownWords, splitRest } from '../../src/cli/rest.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const exec = COMMANDS.find(({ words }) => words[0] === 'exec')!;
const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');
const problem = (line: string): string => {
  try {
    call(line);
  } catch (error) {
    if (error instanceof UsageError) return `${error.message}: ${error.hint}`;
    throw error;
  }
  throw new Error(`${line} was taken`);
};
const call = (line: string) => parseCall(exec, ['exec', ...words(line)]);

describe('what is after -- is the command, options and all', () => {
  it.each([
    ['--device a -- cmd --device b', ['cmd', '--device', 'b']],
    ['--device a cmd --device b', ['cmd', '--device', 'b']],
    ['--device a -- -x', ['-x']],
    ['--device=a cmd -- x', ['cmd', '--', 'x']],
    ['-a success --device a --device b cmd -n 5 --help', ['cmd', '-n', '5', '--help']],
    ['--device a --read-only cmd', ['cmd']],
    ['--device a -- -- cmd', ['--', 'cmd']],
    ['--device a -a=success cmd', ['cmd']],
    ['--device a - x', ['-', 'x']],
    ['-Da cmd -n5', ['cmd', '-n5']],
    ['-D a -asuccess cmd', ['cmd']],
    ['-Da -rrules cmd -x', ['cmd', '-x']],
  ])('%s', (line, rest) => expect(call(line).arguments).toEqual(rest));
});

it('our own options are read as ever', () => {
  const { given } = call('--device 17:00.0 --device 18:00.0 --answer invalid -o out -- cmd --headless');
  expect(given).toEqual({ device: ['17:00.0', '18:00.0'], answer: 'invalid', output: 'out' });
});

describe('mistakes', () => {
  it.each([
    ['', 'COMMAND is missing'],
    ['--device a', 'COMMAND is missing'],
    ['--device a --', 'COMMAND is missing'],
    ['--device', '--device needs a value: give --device ADDR'],
    ['--device -- cmd', '--device needs a value'],
    ['-D -- cmd', '-D (--device) needs a value'],
    ['--devise a cmd', 'unknown option --devise'],
    ['--duration 5s cmd', 'iopftop exec has no --duration'],
    ['--once cmd', 'iopftop exec has no --once'],
    ['--pid 5 cmd', 'iopftop exec has no --pid'],
  ])('%s', (line, message) => expect(problem(line)).toContain(message));
});

it('a command that looks like an option of ours is none', () => {
  expect(ownWords(['exec', '--device', 'a', 'ls', '--help'])).toEqual(['exec', '--device', 'a']);
  expect(ownWords(['exec', '--help', 'ls'])).toEqual(['exec', '--help']);
  expect(ownWords(['--headless', '--', '--help'])).toEqual(['--headless']);
  expect(ownWords(['config', 'print', '-h'])).toEqual(['config', 'print', '-h']);
  expect(splitRest([], exec.options)).toEqual({ own: [], rest: [] });
});
