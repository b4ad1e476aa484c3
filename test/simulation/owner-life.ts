// One seed beside another process: the engine and the headless front end look at its queues, take them over and free them,
// while it reads, answers, opens queues, hangs and ends.
import { Journal } from '../../src/engine/journal.ts';
import { Loop } from '../../src/engine/loop.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import type { Command, ToEngine } from '../../src/protocol/messages.ts';
import { Random } from '../../src/scenario/random.ts';
import { ProcessTarget } from '../../src/targets/process-target.ts';
import type { Delivering } from '../contract/fixture.ts';
import { PLAIN_RUN } from '../engine/fixture.ts';
import { OWN, PID, type World } from '../process/world.ts';
import { FrontEnd, settle } from './front-end.ts';
import { JournalDisk } from './journal-disk.ts';
import { POLICIES } from './operator.ts';
import { OwnerTruth } from './owner-truth.ts';

export interface OwnerResult {
  log: string[];
  broken: string | null;
  groups: number;
  faults: number;
  /** Groups that the owner had read, answered by rescues. */
  freed: number;
}

const MOST_TURNS = 5_000;

export async function simulateOwner(
  seed: number,
  steps: number,
  breakIt: (truth: OwnerTruth) => Kernel = ({ kernel }) => kernel,
): Promise<OwnerResult> {
  const random = new Random(seed, 11);
  const truth = new OwnerTruth();
  const { world } = truth;
  const queues: Delivering[] = [world.queue(4)];
  const front = new FrontEnd({ stream: 'faults', endsByItself: false });
  const disk = new JournalDisk();
  const take = random.unit() < 0.3;
  const target = new ProcessTarget(breakIt(truth), { pid: PID, take, own: OWN, undo: world.undoLog, recovered: [] });
  const options = {
    ...PLAIN_RUN,
    target: { kind: 'process', pid: PID, take, recover: false } as const,
    rules: random.pick(POLICIES),
    onExit: random.pick(['hold', 'invalid', 'success'] as const),
    journal: 'journal',
  };
  const input = { options, version: '0.0.0', startedAt: '2000-01-01T00:00:00.000Z' };
  const loop = new Loop(input, new Journal('journal', disk.open), target, {
    receive: (): ToEngine | undefined => front.inbox.shift(),
    send: (messages) => void front.fromEngine.push(messages),
  });
  front.fromEngine.unshift([loop.session.hello]);
  truth.mayFree = () => loop.session.state.rescuing;
  const run = loop.run();
  let ended = false;
  const engine = (): void => {
    if (ended || !run.next(true).done) return;
    loop.close();
    ended = true;
  };
  let ids = 0;
  const alive = (): boolean => world.threads.length > 0;
  const actors: [name: string, weight: number, act: () => void][] = [
    ['engine', 60, engine],
    ['deliver commands', 30, () => front.deliverToEngine()],
    ['deliver events', 30, () => front.deliverToFrontEnd()],
    ['read output', 30, () => front.read()],
    ['type', 12, () => front.type(`${JSON.stringify(typed(random, ++ids, truth.groups))}\n`)],
    ['fault', 15, () => void (alive() && world.fault(random.pick(queues), random.between(1, 40)))],
    ['owner reads', 10, () => void (truth.ownerRuns && truth.ownerReads(random.pick(queues).fd))],
    [
      'owner answers',
      6,
      () => void (truth.ownerRuns && truth.ownerAnswers(random.pick(queues).fd, random.unit() < 0.5)),
    ],
    [
      'owner opens',
      1,
      () => void (truth.ownerRuns && queues.length < 4 && queues.push(world.queue(4 + queues.length))),
    ],
    ['owner hangs', 1, () => hang(world)],
    ['owner ends', 0.5, () => void (alive() && world.end())],
    ['signal', 0.3, () => front.signal('SIGTERM')],
    ['end input', 0.3, () => front.endInput()],
    ['reader goes', 0.2, () => void (front.outputFailed || front.failOutput('EPIPE'))],
  ];
  const choose = (): [name: string, act: () => void] => {
    let at = random.unit() * total;
    for (const [name, weight, act] of actors) {
      at -= weight;
      if (at <= 0) return [name, act];
    }
    return ['engine', engine];
  };
  const total = actors.reduce((sum, [, weight]) => sum + weight, 0);
  const log: string[] = [];
  let broken: string | null = null;
  const after = async (): Promise<void> => {
    await settle();
    broken = account(truth, loop, ended);
  };
  while (log.length < steps && !ended && broken === null) {
    const [name, act] = choose();
    act();
    await after();
    log.push(
      `${loop.session.state.nowNs() / 1e6} ms: ${name}, ${truth.groups} groups read, ${truth.readByUs} outstanding`,
    );
  }
  for (let turn = 0; front.exitCode === null && broken === null; turn++) {
    if (turn > MOST_TURNS) broken = 'it does not end';
    if (turn === 0) front.inbox.push({ command: { cmd: 'quit' }, cause: 'script' });
    engine();
    front.deliverToEngine();
    front.deliverToFrontEnd();
    front.read();
    if (ended && front.fromEngine.length === 0) front.engineEnded(null);
    await after();
  }
  broken ??= left(truth);
  return { log, broken, groups: truth.groups, faults: truth.faults, freed: truth.freed };
}

/** SIGSTOP stops it no more, or again. */
function hang({ threads }: World): void {
  for (const thread of threads) thread.stuck = !thread.stuck;
}

function typed(random: Random, id: number, groups: number): Command {
  const code = random.pick(['success', 'invalid'] as const);
  return random.pick<() => Command>([
    () => ({ cmd: 'take', id }),
    () => ({ cmd: 'stop', id }),
    () => ({ cmd: 'continue', id }),
    () => ({ cmd: 'rescue', id, code, unseenSuccess: random.unit() < 0.5, scan: 200, stop: random.unit() < 0.8 }),
    () => ({ cmd: 'respond', id, all: true, code }),
    () => ({ cmd: 'respond', id, group: random.between(1, groups + 2), code }),
    () => ({ cmd: 'detach', id, devId: 1 }),
    () => ({ cmd: 'policy', id, rules: random.pick(POLICIES) }),
    () => ({ cmd: 'snapshot', id }),
  ])();
}

/** The engine's account against what was read and answered. */
function account(truth: OwnerTruth, { session }: Loop, ended: boolean): string | null {
  if (truth.broken.length > 0) return truth.broken[0] as string;
  const { totals, pending } = session.state;
  if (totals.groups !== truth.groups) return `${totals.groups} groups counted, ${truth.groups} read`;
  if (totals.faults !== truth.faults) return `${totals.faults} faults counted, ${truth.faults} read`;
  const { success, invalid, auto } = totals;
  if (success + invalid + auto + pending.size !== totals.groups)
    return `${success} + ${invalid} + ${auto} + ${pending.size} pending are not ${totals.groups} groups`;
  if (success !== truth.given.success) return `${success} SUCCESS counted, ${truth.given.success} given`;
  if (invalid !== truth.given.invalid) return `${invalid} INVALID counted, ${truth.given.invalid} given`;
  if (!ended && pending.size !== truth.readByUs) return `${pending.size} are pending, ${truth.readByUs} outstanding`;
  return null;
}

/** Nobody else can answer what we have read, and the owner is as it was. */
function left({ readByUs, world }: OwnerTruth): string | null {
  if (readByUs > 0) return `${readByUs} groups that only we had read were left to nobody`;
  if (world.ours.size > 0) return `${world.ours.size} descriptors of the owner are still open`;
  if (world.undo.length > 0) return `not undone: ${world.undo.join()}`;
  return world.threads.some(({ state }) => state === 'T') ? 'the owner was left stopped' : null;
}
