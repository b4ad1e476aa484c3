// Who can go on next in a simulation, how often each is chosen, and what it does then.
import type { Signal } from '../../src/headless/headless.ts';
import type { Random } from '../../src/scenario/random.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { byWeight } from './by-weight.ts';
import type { Life } from './life.ts';
import { Bug, Killed } from './recorder.ts';

/** Who may go on next, and how often it is chosen. */
export type Actor = [name: string, weight: number, may: (life: Life) => boolean, act: (life: Life) => void];

const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const ACTORS: readonly Actor[] = [
  ['engine', 100, (life) => life.awake, (life) => life.engine()],
  ['deliver commands', 40, ({ front }) => front.toEngine.length > 0, ({ front }) => front.deliverToEngine()],
  ['deliver events', 40, ({ front }) => front.fromEngine.length > 0, ({ front }) => front.deliverToFrontEnd()],
  ['read output', 40, ({ front }) => front.readerHasWork, ({ front }) => front.read()],
  ['thread ends', 20, (life) => life.threadMayEnd, (life) => life.endThread()],
  ['type', 14, () => true, (life) => life.type()],
  ['end input', 0.3, () => true, ({ front }) => front.endInput()],
  ['signal', 0.3, () => true, ({ front, random }) => front.signal(random.pick(SIGNALS))],
  ['reader goes', 0.15, ({ front }) => !front.outputFailed, ({ front }) => front.failOutput('EPIPE')],
  ['output full', 0.1, ({ front }) => !front.outputFailed, ({ front }) => front.failOutput('ENOSPC')],
  [
    'quit',
    0.5,
    () => true,
    ({ front, random }) => front.type(`${JSON.stringify({ cmd: 'quit', ...quitPlan(random) })}\n`),
  ],
  ['disk full', 0.4, () => true, ({ disk, random }) => disk.leave(random.between(0, 300))],
  ['disk has room', 0.6, ({ disk }) => Number.isFinite(disk.space), ({ disk }) => disk.leave(Number.POSITIVE_INFINITY)],
  ['kernel fails', 1, (life) => life.ending === null, (life) => failCalls(life)],
  ['kernel works', 3, (life) => life.ending === null, ({ kernel }) => kernel.behave()],
  ['kill', 0.15, (life) => life.ending === null, (life) => life.kill()],
  ['kill in a call', 0.15, (life) => life.ending === null, (life) => endIn(life, Killed)],
  ['bug in a call', 0.1, (life) => life.ending === null, (life) => endIn(life, Bug)],
];

const quitPlan = (random: Random) =>
  random.unit() < 0.5 ? {} : { onExit: random.pick(['hold', 'invalid', 'success'] as const) };

/** For a while calls of the kernel fail now and then: one of these kinds (null: all). */
export function failCalls(
  { kernel, random }: Pick<Life, 'kernel' | 'random'>,
  kinds: readonly ('read' | 'write' | 'poll' | 'ioctl' | null)[] = ['read', 'write', 'poll', 'ioctl', null],
): void {
  const errno = random.pick([Errno.ENOMEM, Errno.ENOMEM, Errno.EINTR, Errno.EIO]);
  const share = random.pick([0.1, 0.5, 1]);
  const only = random.pick(kinds);
  kernel.interfere = (call) => ((only === null || call === only) && random.unit() < share ? -errno : 0);
}

function endIn({ kernel, random }: Life, kind: typeof Killed | typeof Bug): void {
  let left = random.between(1, 12);
  kernel.interfere = () => {
    if (--left <= 0) throw new kind('in a call');
    return 0;
  };
}

/** Kinds of turns that can be left out, where a seed that fails is made simpler. */
export const KINDS: readonly string[] = ACTORS.map(([name]) => name).filter(
  (name) => !['engine', 'deliver events', 'read output', 'thread ends'].includes(name),
);

/** The seed's choice of who goes on; not one of `without`. */
export function choose(life: Life, random: Random, without: readonly string[]): Actor {
  return byWeight(
    random,
    ACTORS.filter(([name, , possible]) => !without.includes(name) && possible(life)),
  );
}
