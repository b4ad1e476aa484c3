// The text about a run without an end in the journal. What matters comes first: a screen shows as much as fits.

import type { RunState } from '../../process/run-process.ts';
import { plural } from '../../text/plural.ts';
import type { FormerRun } from './former-run.ts';

/** Whether the process whose queues it had is still the same one: the same states as for a run. */
export type OwnerState = RunState;

const named = ({ run }: FormerRun): string => (run === null ? 'the previous run' : `run ${run}`);

const began = ({ startedAt, lastT }: FormerRun): string =>
  startedAt === null
    ? `its start is missing, its last entry was ${lastT} s after that`
    : `started ${startedAt}, last entry ${lastT} s later`;

const rescue = (pid: number | string): string => `\`iopftop rescue --pid ${pid}\``;

const OWN = 'the kernel answered its outstanding groups INVALID';
const UNANSWERED = 'groups that it had read and not answered are still outstanding';

/** The command first: a screen of 80 columns shows only that and whose groups it frees. */
function frees(former: FormerRun, pids: readonly number[], sure: string): string {
  const from = pids.length === 1 ? ` from PID ${pids[0]}` : pids.length ? ' from them' : '';
  const commands = (pids.length ? pids : ['OWNER']).map(rescue).join(', ');
  return `${commands} answers the groups that ${named(former)} (killed) had read${from} and not answered${sure}`;
}

/** Groups that nobody but a rescue frees; null: there are none, or nobody knows. */
function needsRescue(former: FormerRun, state: OwnerState): string | null {
  const { owner, taken, givers } = former;
  if (former.queues === 'handed') {
    return frees(former, givers.slice(0, 8), "; so do the queues' owners when they detach or close their devices");
  }
  if (former.queues !== 'process' || !taken || state === 'gone') return null;
  const sure = state === 'running' || !owner ? '' : `, if PID ${owner.pid} is still the same process`;
  return frees(former, owner ? [owner.pid] : [], sure + stoppedWords(former));
}

const stoppedWords = ({ owner, stopped }: FormerRun): string =>
  stopped ? `; it had stopped PID ${owner?.pid ?? 'OWNER'}, which the next start with --pid resumes` : '';

function ofOwner(former: FormerRun, state: OwnerState): string {
  const { owner, taken } = former;
  const still = stoppedWords(former);
  const pid = owner?.pid ?? 'OWNER';
  if (state === 'gone') return `PID ${pid}, whose queues it had, has ended, and its outstanding groups with it`;
  if (!taken) return `it had taken no queue of PID ${pid}, so it left nothing outstanding${still}`;
  const sure = state === 'running' ? 'answers them' : `answers them, if PID ${pid} is still the same process`;
  return `${UNANSWERED} in PID ${pid}: ${rescue(pid)} ${sure}${still}`;
}

function ofGivers({ givers }: FormerRun): string {
  const pids = givers.slice(0, 8).map(rescue).join(', ') || rescue('OWNER');
  return `${UNANSWERED} until the queues' owners detach their devices or close them; ${pids} answers them`;
}

function ofItsOwn({ bound, command }: FormerRun): string {
  const runs =
    command === null ? '' : `, unless its command (${command}) is still running: then they wait until it ends`;
  const drivers = bound.length === 0 ? '' : `; the next start with --device gives ${bound.slice(0, 8).join(', ')} back`;
  return `${OWN}${runs}${drivers}`;
}

const UNKNOWN =
  'it is not known what it had: the kernel answered the groups of its own queues INVALID; those that it had read from other ' +
  `processes' queues (--pid with --take, --listen, --fault-fd) are still outstanding until ${rescue('OWNER')} answers them`;

function left(former: FormerRun, owner: OwnerState): string {
  switch (former.queues) {
    case 'simulated':
      return 'its devices were simulated, and ended with it';
    case 'own':
      return ofItsOwn(former);
    case 'process':
      return ofOwner(former, owner);
    case 'handed':
      return ofGivers(former);
    case null:
      return UNKNOWN;
  }
}

const UNSEEN: Record<Exclude<RunState, 'running' | 'gone' | 'other-boot'>, string> = {
  'other-namespace': 'it was started in another PID namespace (a container) and cannot be seen from here',
  unknown: 'it is not known which',
};

export function unfinishedText(former: FormerRun, state: RunState, owner: OwnerState): string {
  const when = `this journal has no end entry for it (${began(former)})`;
  const pid = former.process?.pid;
  switch (state) {
    case 'running':
      return `${named(former)} is still running as PID ${pid} and also writes to this journal (${began(former)})`;
    case 'gone':
      return `${needsRescue(former, owner) ?? `${named(former)} was killed: ${left(former, owner)}`}; ${when}`;
    case 'other-boot':
      return `${named(former)} ran before this boot, or on another machine: it left nothing here; ${when}`;
    default:
      return `${named(former)} was killed or is still running; if it was killed: ${left(former, owner)}; ${when}, and ${UNSEEN[state]}`;
  }
}

export const moreText = (more: number): string =>
  `${plural(more, 'more run')} without an end in this journal not listed`;
