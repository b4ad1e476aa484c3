// What is said of a run that has no end in the journal. What matters comes first: a screen shows as much as fits.

import type { RunState } from '../../process/run-process.ts';
import { plural } from '../../text/plural.ts';
import type { FormerRun } from './former-run.ts';

/** Whether the process whose queues it had is still the same one: as of a run. */
export type OwnerState = RunState;

const named = ({ run }: FormerRun): string => (run === null ? 'the run before' : `run ${run}`);

const began = ({ startedAt, lastT }: FormerRun): string =>
  startedAt === null
    ? `its start is not there, its last entry was ${lastT} s after that`
    : `started ${startedAt}, last entry ${lastT} s later`;

const rescue = (pid: number | string): string => `\`iopftop rescue --pid ${pid}\``;

const OWN = 'what was outstanding, the kernel answered INVALID';
const UNANSWERED = 'what it had read and not answered is still outstanding';

/** The command first: a screen of 80 columns shows no more than that and whose groups it frees. */
function frees(former: FormerRun, pids: readonly number[], sure: string): string {
  const of = pids.length === 1 ? ` of PID ${pids[0]}` : pids.length ? ' of them' : '';
  const commands = (pids.length ? pids : ['OWNER']).map(rescue).join(', ');
  return `${commands} frees what ${named(former)}, killed, had read${of} and not answered${sure}`;
}

/** Groups that nobody but a rescue frees; null: there are none, or nobody knows. */
function needsRescue(former: FormerRun, state: OwnerState): string | null {
  const { owner, taken, givers } = former;
  if (former.queues === 'handed') {
    return frees(former, givers.slice(0, 8), "; so do the queues' owners when they detach their devices or close them");
  }
  if (former.queues !== 'process' || !taken || state === 'gone') return null;
  const sure = state === 'running' || !owner ? '' : `, if PID ${owner.pid} is still the process that it was`;
  return frees(former, owner ? [owner.pid] : [], sure + stoppedWords(former));
}

const stoppedWords = ({ owner, stopped }: FormerRun): string =>
  stopped ? `; it had stopped PID ${owner?.pid ?? 'OWNER'}, which the next start with --pid lets go on` : '';

function ofOwner(former: FormerRun, state: OwnerState): string {
  const { owner, taken } = former;
  const still = stoppedWords(former);
  const pid = owner?.pid ?? 'OWNER';
  if (state === 'gone') return `PID ${pid}, whose queues it had, has ended, and what was outstanding with it`;
  if (!taken) return `it had taken no queue of PID ${pid}, so that nothing is outstanding by its doing${still}`;
  const sure = state === 'running' ? 'answers it' : `answers it, if PID ${pid} is still the process that it was`;
  return `${UNANSWERED} in PID ${pid}: ${rescue(pid)} ${sure}${still}`;
}

function ofGivers({ givers }: FormerRun): string {
  const pids = givers.slice(0, 8).map(rescue).join(', ') || rescue('OWNER');
  return `${UNANSWERED} until the queues' owners detach their devices or close them; ${pids} answers it`;
}

function ofItsOwn({ bound, command }: FormerRun): string {
  const runs = command === null ? '' : `, unless its command (${command}) still runs: then it waits until that ends`;
  const drivers = bound.length === 0 ? '' : `; the next start with --device gives ${bound.slice(0, 8).join(', ')} back`;
  return `${OWN}${runs}${drivers}`;
}

const UNKNOWN =
  'what it had is not known: groups of queues of its own, the kernel answered INVALID; those that it had read from queues ' +
  `of other processes (--pid with --take, --listen, --fault-fd) are still outstanding until ${rescue('OWNER')} answers them`;

function left(former: FormerRun, owner: OwnerState): string {
  switch (former.queues) {
    case 'simulated':
      return 'its devices were simulated, and went with it';
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
  'other-namespace': 'it was started in another PID namespace (a container), so that it cannot be seen from here',
  unknown: 'which of the two cannot be told',
};

export function unfinishedText(former: FormerRun, state: RunState, owner: OwnerState): string {
  const when = `it has no end in this journal (${began(former)})`;
  const pid = former.process?.pid;
  switch (state) {
    case 'running':
      return `${named(former)} is still running, as PID ${pid}, and writes to this journal too (${began(former)})`;
    case 'gone':
      return `${needsRescue(former, owner) ?? `${named(former)} was killed: ${left(former, owner)}`}; ${when}`;
    case 'other-boot':
      return `${named(former)} ran before this boot, or on another machine: nothing of it is left here; ${when}`;
    default:
      return `${named(former)} was killed or is still running; if it was killed: ${left(former, owner)}; ${when}, and ${UNSEEN[state]}`;
  }
}

export const moreText = (more: number): string =>
  `${plural(more, 'more run')} that have no end in this journal are not listed`;
