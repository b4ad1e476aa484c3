// Reports the runs without an end in the journal: a limited number, those whose groups may still wait last, since a screen
// with one line shows the last.
import type { RunProcess, RunState, RunWorld } from '../../process/run-process.ts';
import type { FormerRunRow } from '../../protocol/messages.ts';
import { tellNotice } from '../notice.ts';
import type { EngineState } from '../state.ts';
import type { FormerRun } from './former-run.ts';
import { moreText, unfinishedText } from './former-words.ts';
import type { LookBack } from './journal-file.ts';

const MOST_TOLD = 8;
const MIB = 2 ** 20;

const stateOf = (world: RunWorld, run: RunProcess | null): RunState => (run === null ? 'unknown' : world.stateOf(run));

/** The owner's PID means something only with the boot and namespace of the run that named it. */
function ownerOf(world: RunWorld, { owner, process: run }: FormerRun): RunState {
  if (owner === null || owner.startTime === null || run === null) return 'unknown';
  return world.stateOf({ ...run, pid: owner.pid, startTime: owner.startTime });
}

function rescuable({ queues, taken, owner, givers }: FormerRun, state: RunState, ofOwner: RunState): number[] {
  if (state === 'running' || state === 'other-boot') return [];
  if (queues === 'handed') return [...givers];
  return queues === 'process' && taken && owner !== null && ofOwner !== 'gone' ? [owner.pid] : [];
}

const ROW_STATE: Record<RunState, FormerRunRow['state']> = {
  running: 'running',
  gone: 'killed',
  'other-boot': 'unknown',
  'other-namespace': 'unknown',
  unknown: 'unknown',
};

interface Told {
  readonly row: FormerRunRow;
  readonly text: string;
  readonly pid: number | null;
}

function toldOf(world: RunWorld, former: FormerRun): Told {
  const state = stateOf(world, former.process);
  const owner = ownerOf(world, former);
  const { run, startedAt, lastT, queues } = former;
  const rescue = rescuable(former, state, owner);
  const row = { run, state: ROW_STATE[state], startedAt, lastT, queues, rescue };
  return { row, text: unfinishedText(former, state, owner), pid: former.owner?.pid ?? null };
}

const size = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

/** Called once, after `start`. */
export function tellFormer(state: EngineState, { runs, more, partly }: LookBack, world: RunWorld): void {
  if (partly !== null) {
    const text =
      `only the last ${size(partly.looked)} of ${size(partly.of)} of this journal were searched for killed runs: ` +
      'use a new file, or rotate this one';
    tellNotice(state, { what: 'look-back', text });
  }
  const left = more + Math.max(0, runs.length - MOST_TOLD);
  if (left > 0) tellNotice(state, { what: 'look-back', text: moreText(left) });
  const told = runs.slice(0, MOST_TOLD).map((former) => toldOf(world, former));
  const waits = ({ row }: Told): number => (row.rescue.length > 0 ? 2 : row.state === 'running' ? 0 : 1);
  for (const { row, text, pid } of told.reverse().sort((a, b) => waits(a) - waits(b))) {
    const about = pid === null ? {} : { pid };
    // The next run learns from `former` that this one has been reported.
    tellNotice(state, { what: 'unfinished', text, ...about, former: row }, { former: row.run, state: row.state });
  }
}
