// Is the differential run worth something? Wrong simulated kernels, one small change each (mutate.ts), against the real one: it
// tells most of them apart, and prints the others: what no caller can see (how a selftest device is answered) is among them.
// IOPFTOP_MUTATIONS=all: every change, not one of ONE_IN.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { bundled } from './bundle.ts';
import { lab } from './lab.ts';
import { buildMutant, type Mutation, mutations } from './mutate.ts';
import type { Verdict } from './play-mutants.ts';

const ALL = process.env.IOPFTOP_MUTATIONS === 'all';
/** Chosen by what they say, so that a change of sim elsewhere chooses no others. */
const ONE_IN = 17;
const MOST_CALLS = ALL ? 50_000 : 20_000;
const ENOUGH = 0.7;
/** Many times what so many calls take. */
const HANGS_MS = 60_000;

const found = await lab();
const missing = 'missing' in found ? found.missing : null;
const directory = mkdtempSync(join(tmpdir(), 'iopftop-mutants-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const isChosen = (mutation: Mutation): boolean =>
  ALL || createHash('sha256').update(nameOf(mutation)).digest().readUInt32LE(0) % ONE_IN === 0;

const nameOf = ({ file, from, to }: Mutation): string => `${file}: ${from} → ${to}`;

/** Plays them all in one process, which is started anew after one that does not come back. */
async function verdicts(paths: string[], tell: (at: number, verdict: Verdict) => void): Promise<(Verdict | 'hangs')[]> {
  const program = await bundled('play-mutants');
  const all: (Verdict | 'hangs')[] = [];
  while (all.length < paths.length) {
    const child = spawn(process.execPath, [program, `${MOST_CALLS}`, ...paths.slice(all.length)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const begun = all.length;
    const late = (): NodeJS.Timeout => setTimeout(() => child.kill('SIGKILL'), HANGS_MS);
    let timer = late();
    for await (const line of createInterface({ input: child.stdout })) {
      clearTimeout(timer);
      timer = late();
      const verdict = JSON.parse(line) as Verdict;
      tell(all.length, verdict);
      all.push(verdict);
    }
    clearTimeout(timer);
    if (all.length < paths.length && all.length === begun) all.push('hangs');
  }
  return all;
}

test('wrong simulated kernels are told from the real one', { timeout: 24 * 3_600_000 }, async ({ skip }) => {
  if (missing !== null) return skip(missing);
  const chosen = mutations().filter(isChosen);
  const paths = chosen.map((_, at) => join(directory, `${at}.mjs`));
  for (const [at, mutation] of chosen.entries()) await buildMutant(mutation, paths[at] as string);
  // As they come: there are hundreds.
  const came = await verdicts(paths, (at, verdict) => {
    if (verdict === null) process.stdout.write(`not told apart: ${nameOf(chosen[at] as Mutation)}\n`);
  });
  const calls = came.filter((verdict) => typeof verdict === 'number');
  calls.sort((a, b) => a - b);
  expect(calls.length / chosen.length).toBeGreaterThan(ENOUGH);
  tellFigure({
    topic: 'The simulated kernel',
    what: 'wrong simulated kernels, one small change each, that the run notices',
    value: `${calls.length} of ${chosen.length} within ${thousands(MOST_CALLS)} calls, half of them within ${calls[calls.length >> 1]}`,
    repeat: 'npm run test:kernel -- test/differential/mutations.test.ts',
  });
});
