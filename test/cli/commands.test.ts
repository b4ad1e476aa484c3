import { describe, expect, it } from 'vitest';
import { COMMANDS, commandOf, commandText } from '../../src/cli/commands.ts';
import { helpFor } from '../../src/cli/help.ts';
import { parseCall, parseOptions } from '../../src/cli/parse.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const words = (line: string) => line.split(' ').filter(Boolean);

function call(line: string) {
  const command = commandOf(words(line));
  return command && parseCall(command, words(line));
}

function said(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return `${(error as UsageError).message}: ${(error as UsageError).hint}`;
  }
  throw new Error('it passed');
}

describe('commands', () => {
  it('are none where options come first', () => {
    expect(commandOf([])).toBeNull();
    expect(commandOf(['--seed', '1'])).toBeNull();
  });

  it('have arguments and options', () => {
    expect(call('config check a.toml')).toMatchObject({ arguments: ['a.toml'], given: {} });
    expect(call('config print --seed 5 --mouse=false')).toMatchObject({ given: { seed: 5, mouse: false } });
    expect(call('completion zsh')?.arguments).toEqual(['zsh']);
  });

  it.each([
    ['config', 'iopftop config needs one more word: iopftop config print|check'],
    ['config --config x', 'iopftop config needs one more word: iopftop config print|check'],
    ['config prnt', 'there is no command "config prnt": did you mean config print?'],
    ['config check a b', 'unexpected argument "b": iopftop config check [FILE]'],
    ['config check --seed 5', 'iopftop config check has no --seed: see iopftop config check --help'],
    ['config print --sed 5', 'unknown option --sed: did you mean --seed?'],
    ['config print --seed x', '--seed: "x" cannot be used: give a whole number from 0 to 4294967295'],
    ['completion', 'SHELL is missing: iopftop completion bash|zsh|fish'],
    ['completion tcsh', 'SHELL: there is no "tcsh": known: bash, zsh, fish'],
    ['completion bahs', 'SHELL: there is no "bahs": did you mean bash?'],
    ['man 1', 'unexpected argument "1": iopftop man'],
  ])('%s', (line, text) => expect(said(() => call(line))).toBe(text));

  it.each([
    ['cofnig print', 'unexpected argument "cofnig": did you mean config?'],
    ['--seed 1 config print', 'unexpected argument "config": the command must come first: iopftop config'],
    ['stuck', 'unexpected argument "stuck": options begin with --; see --help'],
  ])('%s', (line, text) => expect(said(() => parseOptions(words(line)))).toBe(text));

  it('have a help each, and one for those of one word', () => {
    for (const command of COMMANDS) {
      expect(helpFor(command.words, 80)).toContain(`Usage: iopftop ${commandText(command)} [options]`);
    }
    expect(helpFor(['config'], 80)).toMatch(/config print .*config check \[FILE\]/s);
    expect(helpFor(['--seed'], 80)).toContain('Commands:');
  });
});
