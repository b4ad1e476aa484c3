import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../src/cli/commands.ts';
import { parseCall } from '../../../src/cli/parse.ts';
import { optionsFor, planOf } from '../../../src/cli/rescue/plan.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

function call(line: string) {
  const args = ['rescue', ...line.split(' ').filter(Boolean)];
  return parseCall(commandOf(args)!, args);
}

const refusal = (line: string, asks: boolean): UsageError => {
  try {
    planOf(call(line), asks);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error as UsageError;
  }
  throw new Error(`${line} was not refused`);
};

describe('what a rescue was asked to do', () => {
  it('stops, answers INVALID, lets go on', () => {
    expect(planOf(call('--pid 9 --yes'), false)).toEqual({
      pid: 9,
      stop: true,
      resume: true,
      code: 'invalid',
      unseenSuccess: null,
      scan: null,
      dryRun: false,
      yes: true,
      json: false,
    });
  });

  it('or otherwise', () => {
    const line = '--pid 9 --no-stop --code success --unseen-success --scan 0 --json -y';
    expect(planOf(call(line), false)).toMatchObject({ stop: false, code: 'success', unseenSuccess: true, scan: 0 });
    expect(planOf(call('--pid 9 --leave-stopped'), true)).toMatchObject({ stop: true, resume: false });
  });

  it.each([
    ['', true, /--pid is missing/],
    ['--pid 9', false, /no terminal to ask on/],
    ['--pid 9 --json', false, /no terminal to ask on/],
    ['--pid 9 --no-stop --leave-stopped', true, /cannot be combined/],
    ['--pid 9 --unseen-success', true, /--unseen-success is for --code success/],
    ['--pid 9 --unseen-success --code invalid', true, /--unseen-success is for --code success/],
    ['--pid 9 --code success --yes', true, /iopftop never saw/],
    ['--pid 9 --code success --yes', false, /iopftop never saw/],
  ])('%s (somebody to ask: %s) is a mistake', (line, asks, message) => {
    expect(refusal(line, asks).message).toMatch(message);
  });

  it('SUCCESS is asked for where somebody is there, and needs nothing in a dry run', () => {
    expect(planOf(call('--pid 9 --code success'), true)).toMatchObject({ unseenSuccess: null });
    expect(planOf(call('--pid 9 --code success --dry-run'), false)).toMatchObject({ dryRun: true });
  });
});

describe('the engine', () => {
  it('only looks, and in a dry run can do nothing', () => {
    const { given } = call('--pid 9 --dry-run --journal j');
    expect(optionsFor(planOf(call('--pid 9 --dry-run'), false), given)).toMatchObject({
      source: { kind: 'process', pid: 9, take: false, recover: false },
      readOnly: true,
      rules: [],
      journal: 'j',
    });
    expect(optionsFor(planOf(call('--pid 9 --yes'), false), {})).toMatchObject({
      source: { recover: true },
      readOnly: false,
      onExit: 'invalid',
      journal: null,
    });
  });
});
