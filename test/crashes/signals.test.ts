// A signal at any moment of a run, from its first line to its last. IOPFTOP_CRASHES=all: ten times as many moments.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { iopftop, type Ran, ROOT } from '../helpers/bin.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';

const MOMENTS = process.env.IOPFTOP_CRASHES === 'all' ? 120 : 12;
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

const directory = mkdtempSync(join(tmpdir(), 'iopftop-signals-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Phase = 'start' | 'run';

function run(name: string, signal: string, phase: Phase, at: number): Promise<Ran> {
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: '/nonexistent',
    IOPFTOP_TEST_SIGNAL: signal,
    IOPFTOP_TEST_AT: `${at}`,
    IOPFTOP_TEST_PHASE: phase,
    NODE_OPTIONS: `--import=${ROOT}test/crashes/signal.mjs`,
  };
  const args = [
    '--headless',
    '--virtual-time',
    '--count',
    '40',
    '--answer',
    'invalid',
    '--journal',
    join(directory, name),
  ];
  return iopftop(args, { env });
}

/** A journal of whole lines, which has an end where the run had. */
function check(name: string, { code, stdout, stderr }: Ran, signal: (typeof SIGNALS)[number]): void {
  const orderly = 128 + constants.signals[signal];
  // Before anybody listens for it, and after the last line, it ends the process as it does any other.
  expect([null, 0, orderly]).toContain(code);
  expect(stderr).not.toMatch(/^\s+at /m);
  const path = join(directory, name);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  expect(text === '' || text.endsWith('\n')).toBe(true);
  const entries = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  if (code === null) return;
  expect(entries.at(-1)).toMatchObject({ action: 'end' });
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
  expect(last).toMatchObject({ type: 'summary' });
  const { groups, answered } = last.outstanding;
  expect(answered).toBe(groups);
}

it(`a signal at any of ${MOMENTS} moments ends it by the exit plan, or as any process`, async () => {
  const { stderr } = await run('whole', 'SIGTERM', 'start', 0);
  const counted = [...stderr.matchAll(/calls: (\d+) (\d+)/g)].map(([, start, after]) => ({
    start: Number(start),
    run: Number(after),
  }));
  const calls = counted.reduce((most, one) => (one.run > most.run ? one : most));
  const ends = { orderly: 0, byTheSignal: 0, tooLate: 0 };
  for (let moment = 0; moment < MOMENTS; moment++) {
    const signal = SIGNALS[moment % SIGNALS.length] as (typeof SIGNALS)[number];
    // Three of four after the engine has started.
    const phase: Phase = moment % 4 === 0 ? 'start' : 'run';
    const at = 1 + Math.floor((moment * calls[phase]) / MOMENTS);
    const ran = await run(`${moment}`, signal, phase, at);
    check(`${moment}`, ran, signal);
    if (ran.code === null) ends.byTheSignal++;
    else if (ran.code === 0) ends.tooLate++;
    else ends.orderly++;
  }
  expect(ends.orderly).toBeGreaterThan(0);
  expect(ends.byTheSignal).toBeGreaterThan(0);
  tellFigure({
    topic: 'Crashes and signals',
    what: 'moments of a run at which SIGTERM, SIGHUP or SIGINT came',
    value: `${thousands(MOMENTS)}: ${ends.orderly} ended by the exit plan, ${ends.byTheSignal} before a listener existed, ${ends.tooLate} after the last line`,
    repeat: 'npm test -- test/crashes',
  });
});
