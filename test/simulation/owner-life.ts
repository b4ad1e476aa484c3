// One seed beside another process: the engine and the headless front end look at its queues, take them over and free them,
// while it reads, answers, opens queues, hangs and ends.
import type { Loop } from '../../src/engine/thread/loop.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import type { Command } from '../../src/protocol/messages.ts';
import { Random } from '../../src/scenario/random.ts';
import { ProcessSource } from '../../src/sources/process/process-source.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { OWN, PID, type World } from '../process/world.ts';
import { playBeside, type Turn } from './beside.ts';
import { POLICIES } from './operator.ts';
import { type OwnedQueue, OwnerTruth } from './owner-truth.ts';
import type { Played } from './seeds.ts';

export interface OwnerResult extends Played {
  /** `freed`: groups that the owner had read, answered by rescues. */
  readonly counts: { groups: number; faults: number; freed: number };
}

export async function simulateOwner(
  seed: number,
  steps: number,
  breakIt: (truth: OwnerTruth) => Kernel = ({ kernel }) => kernel,
): Promise<OwnerResult> {
  const random = new Random(seed, 11);
  const truth = new OwnerTruth();
  const { world } = truth;
  const queues = [truth.queue(4)];
  const take = random.unit() < 0.3;
  const source = new ProcessSource(breakIt(truth), { pid: PID, take, own: OWN, undo: world.undoLog, recovered: [] });
  const alive = (): boolean => world.threads.length > 0;
  const queue = (): OwnedQueue => random.pick(queues);
  const others: readonly Turn[] = [
    ['fault', 15, () => void (alive() && truth.fault(queue(), random.between(1, 40)))],
    ['owner reads', 10, () => void (truth.ownerRuns && truth.ownerReads(queue().fd))],
    ['owner answers', 6, () => void (truth.ownerRuns && truth.ownerAnswers(queue().fd, random.unit() < 0.5))],
    [
      'owner opens',
      1,
      () => void (truth.ownerRuns && queues.length < 4 && queues.push(truth.queue(4 + queues.length))),
    ],
    ['owner moves its device', 1, () => void (truth.ownerRuns && truth.move(queue()))],
    ['owner closes a descriptor', 0.3, () => void (truth.ownerRuns && world.closeNumber(queue().number))],
    ['kernel fails', 1, () => failCalls(truth, random)],
    ['kernel works', 2, () => behave(truth)],
    ['owner hangs', 1, () => hang(world)],
    ['owner ends', 0.5, () => void (alive() && world.end())],
  ];
  const { log, broken } = await playBeside(random, steps, {
    source,
    kind: { kind: 'process', pid: PID, take, recover: false },
    others,
    begin: ({ session }) => {
      truth.mayFree = () => session.state.rescuing;
    },
    typed: (_, id) => typed(random, id, truth.groups),
    account: (loop, ended) => account(truth, loop, ended),
    end: () => behave(truth),
    told: () => `${truth.groups} groups read, ${truth.readByUs} outstanding`,
    left: () => left(truth),
  });
  const { groups, faults, freed } = truth;
  return { log, broken, counts: { groups, faults, freed } };
}

/** For a while reads fail, descriptors cannot be duplicated, signals not sent. */
function failCalls(truth: OwnerTruth, random: Random): void {
  const { processes } = truth.world;
  const errno = random.pick([Errno.ENOMEM, Errno.EPERM, Errno.EINTR, Errno.EIO, Errno.EMFILE]);
  random.pick<() => void>([
    () => {
      truth.readErrno = errno;
    },
    () => {
      processes.refuse = { errno, after: random.between(0, 3) };
    },
    () => {
      processes.signalErrno = errno;
    },
    () => {
      processes.kcmp = false;
    },
  ])();
}

function behave(truth: OwnerTruth): void {
  const { processes } = truth.world;
  truth.readErrno = 0;
  processes.refuse = null;
  processes.signalErrno = 0;
  processes.kcmp = true;
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
  const { totals, pending } = session.state.ledger;
  if (totals.groups !== truth.groups) return `${totals.groups} groups counted, ${truth.groups} read`;
  if (totals.faults !== truth.faults) return `${totals.faults} faults counted, ${truth.faults} read`;
  const { success, invalid, auto } = totals;
  if (success + invalid + auto + pending.size !== totals.groups)
    return `${success} + ${invalid} + ${auto} + ${pending.size} pending are not ${totals.groups} groups`;
  if (success !== truth.given.success) return `${success} SUCCESS counted, ${truth.given.success} given`;
  if (invalid !== truth.given.invalid) return `${invalid} INVALID counted, ${truth.given.invalid} given`;
  if (ended) return null;
  // Of what the kernel has answered for the owner's sake the engine hears when it answers, or when the cookie comes again.
  const right = truth.moved ? pending.size >= truth.readByUs : pending.size === truth.readByUs;
  return right ? null : `${pending.size} are pending, ${truth.readByUs} outstanding`;
}

/** Nobody else can answer what we have read, and the owner is as it was. */
function left({ readByUs, world }: OwnerTruth): string | null {
  if (readByUs > 0) return `${readByUs} groups that only we had read were left to nobody`;
  if (world.ours.size > 0) return `${world.ours.size} descriptors of the owner are still open`;
  if (world.undo.length > 0) return `not undone: ${world.undo.join()}`;
  return world.threads.some(({ state }) => state === 'T') ? 'the owner was left stopped' : null;
}
