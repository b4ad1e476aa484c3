// The run itself, as a program of its own: bundled it is twice as fast as under the test runner, and V8 counts what it reached
// of sim. Arguments: calls, first seed, and the folder of the sources; prints one JSON object (`Report`).
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import * as fc from 'fast-check';
import { type FileLines, missedLines } from './coverage.ts';
import { lab, taint } from './lab.ts';
import { type Played, play, type Step, Tally } from './play.ts';
import { sequence } from './sequences.ts';

export interface Report {
  /** Why there was nothing to run on. */
  missing: string | null;
  calls: number;
  sequences: number;
  /** The last one. */
  seed: number;
  /** By operation, what it came to how often. */
  kinds: Record<string, Record<string, number>>;
  /** The first difference: the calls with their outcomes, and the steps as code for regressions.test.ts. */
  difference: { seed: number; log: readonly string[]; code: string; shrinks: number } | null;
  /** By file of src/kernel/sim: lines that no call reached. */
  missed: FileLines;
  /** The kernel found something wrong with itself. */
  tainted: boolean;
}

const SEQUENCES_PER_SEED = 50;

const literal = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
const asCode = (steps: readonly Step[]): string =>
  steps.map((step) => `    ${JSON.stringify(step, literal).replace(/"(-?\d+n)"/g, '$1')},`).join('\n');

async function run(wanted: number, first: number): Promise<Report> {
  const report: Report = {
    missing: null,
    calls: 0,
    sequences: 0,
    seed: first,
    kinds: {},
    difference: null,
    missed: {},
    tainted: false,
  };
  const inspector = new Session();
  inspector.connect();
  inspector.post('Profiler.enable');
  inspector.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  const found = await lab();
  if ('missing' in found) return { ...report, missing: found.missing };
  const before = taint();
  const tally = new Tally();
  for (; report.calls < wanted && report.difference === null; report.seed++) {
    let last: Played | undefined;
    const property = fc.property(sequence(), (steps) => {
      last = play(found.players, steps, tally);
      report.calls += last.calls;
      report.sequences++;
      return last.difference === undefined;
    });
    const { failed, counterexample, numShrinks } = fc.check(property, {
      seed: report.seed,
      numRuns: SEQUENCES_PER_SEED,
    });
    if (!failed) continue;
    const steps = counterexample?.[0] ?? [];
    const again = play(found.players, steps, tally).difference;
    const log = again?.log ?? ['played again, there is none: the kernels keep something between sequences'];
    report.difference = { seed: report.seed, log, code: asCode(steps), shrinks: numShrinks };
  }
  for (const [name, outcomes] of [...tally.counts].sort())
    report.kinds[name] = Object.fromEntries([...outcomes].sort());
  inspector.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error) throw error;
    report.missed = missedLines(coverage.result, readFileSync);
  });
  report.tainted = taint() !== before;
  return report;
}

const [calls, seed] = process.argv.slice(2).map(Number);
process.stdout.write(`${JSON.stringify(await run(calls ?? 0, seed ?? 1))}\n`);
