// --expect in the real program: exit codes, what is said, and what is refused before anything is opened.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { iopftop } from '../helpers/bin.ts';
import { messageProblem } from '../helpers/schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-expect-'));
afterAll(() => rmSync(directory, { recursive: true }));
const RUN = ['--headless', '--virtual-time', '--scenario', 'burst', '-d2s'];
const expecting = (...exprs: string[]): string[] => exprs.flatMap((expr) => ['--expect', expr]);

describe('headless', () => {
  it('ends with 0 where all hold', async () => {
    const all = expecting('success == groups && invalid == 0', 'groups > 0');
    const { code, stderr, lines } = await iopftop([...RUN, '-asuccess', ...all]);
    expect([code, stderr]).toEqual([0, '']);
    expect(lines.at(-1).expectations).toMatchObject([{ holds: true }, { holds: true, expr: 'groups > 0' }]);
    expect(messageProblem(lines.at(-1))).toBeNull();
  });

  it('ends with 4 where one does not, and says which with its values', async () => {
    const { code, stderr, lines } = await iopftop([...RUN, '-ainvalid', ...expecting('groups > 0', 'invalid == 0')]);
    const { invalid } = lines.at(-1).counters;
    expect([code, stderr]).toEqual([4, `iopftop: expected invalid == 0: invalid is ${invalid}\n`]);
    expect(lines.at(-1).expectations[1]).toEqual({
      expr: 'invalid == 0',
      holds: false,
      values: { invalid },
      error: null,
    });
    expect(messageProblem(lines.at(-1))).toBeNull();
  });

  it('fails closed: what cannot be evaluated does not hold', async () => {
    const { code, stderr } = await iopftop([...RUN, '-asuccess', ...expecting('groups / invalid < 5')]);
    expect([code, stderr]).toEqual([4, expect.stringContaining('it cannot be evaluated: division by zero')]);
  });

  it('4 comes before 3, and 3 stays where it holds', async () => {
    const missed = await iopftop([...RUN, ...expecting('unanswered == 0')]);
    expect([missed.code, missed.stderr]).toEqual([
      4,
      expect.stringMatching(/expected unanswered == 0: unanswered is \d+/),
    ]);
    expect((await iopftop([...RUN, ...expecting('unanswered > 0')])).code).toBe(3);
  });

  it('a signal comes before 4', async () => {
    const { code, stderr } = await iopftop(['--headless', ...expecting('groups < 0')], {
      onStdout: (_, child) => child.kill('SIGTERM'),
    });
    expect([code, stderr]).toEqual([143, expect.stringContaining('expected groups < 0')]);
  });

  it.each([
    ['sucess == groups', 'at column 1: Unknown variable: sucess'],
    ['groups', 'it must be a bool, got int'],
    ['(groups', 'at column'],
  ])('a mistake is one of usage, before anything is opened: %s', async (expr, said) => {
    const journal = join(directory, 'journal');
    const { code, stderr, lines } = await iopftop([...RUN, '--journal', journal, ...expecting(expr)]);
    expect([code, lines.length, lines[0].kind]).toEqual([2, 1, 'usage']);
    expect(stderr).toContain(`iopftop: --expect "${expr}"`);
    expect(stderr).toContain(said);
    expect(existsSync(journal)).toBe(false);
  });

  it('takes no empty one', async () => {
    expect((await iopftop([...RUN, '--expect='])).stderr).toContain('--expect needs a value: give --expect EXPR');
  });
});

it('--once prints its snapshot, and ends with 4', async () => {
  const once = (expr: string) => iopftop(['--once', '-d50ms', '--read-only', ...expecting(expr)]);
  const missed = await once('groups < 0');
  expect([missed.code, missed.stderr]).toEqual([
    4,
    expect.stringMatching(/^iopftop: expected groups < 0: groups is \d+\n$/),
  ]);
  expect(missed.stdout).toContain('PENDING GROUPS');
  const held = await once('invalid == 0');
  expect([held.code, held.stderr]).toEqual([0, '']);
});
