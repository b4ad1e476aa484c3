// One seed: the whole program but for its threads, in simulated time, under a scheduler that decides who goes on next. What
// is checked after each turn is in checks.ts.
import { Journal } from '../../src/engine/journal.ts';
import { Loop } from '../../src/engine/loop.ts';
import { DEFAULT_ALARMS, type EngineOptions } from '../../src/engine/options.ts';
import type { Signal } from '../../src/headless/headless.ts';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import { Random } from '../../src/scenario/random.ts';
import { loadScenario, type Scenario } from '../../src/scenario/scenario.ts';
import { OwnedTarget } from '../../src/targets/owned-target.ts';
import { SimPlay, sourcesOf } from '../../src/targets/plays.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { Checks } from './checks.ts';
import { FrontEnd, settle } from './front-end.ts';
import { JournalDisk } from './journal-disk.ts';
import { command, junk, POLICIES } from './operator.ts';
import { Bug, Killed, RecordingKernel } from './recorder.ts';

export interface Options {
  seed: number;
  /** Turns until it is ended, if it has not been. */
  steps: number;
  /** Replaces parts by broken ones, to see that it is found. */
  breakIt?: (life: Life) => void;
  /** Checks every line of the output by the schema too. */
  thorough?: boolean;
}

export interface Result {
  log: string[];
  /** The first thing that was wrong; null: nothing was. */
  broken: string | null;
  counts: Record<string, number>;
}

const SCENARIOS = [
  'burst',
  'demand-paging',
  'detach-midflight',
  'multi-page',
  'pasid-storm',
  'refault-loop',
  'stuck',
  'tour',
];
const loaded = new Map<string, Scenario>();
const scenarioOf = (name: string): Scenario => {
  const scenario = loaded.get(name) ?? loadScenario(name);
  loaded.set(name, scenario);
  return scenario;
};

/** How a run came to its end. */
type Ending = 'orderly' | 'bug' | 'killed';

/** One process, from its start to its end. */
export class Life {
  readonly random: Random;
  readonly kernel: RecordingKernel;
  readonly front: FrontEnd;
  readonly loop: Loop;
  readonly journal: Journal;
  readonly disk: JournalDisk;
  readonly options: EngineOptions;
  readonly #freeFds: string;
  /** Where its journal begins in the file. */
  readonly journalFrom: number;
  #run: Generator<number | null, void, boolean>;
  #waits = false;
  ending: Ending | null = null;
  #ids = 0;
  #bug: Error | null = null;
  #ended = false;

  constructor(random: Random, disk: JournalDisk) {
    this.random = random;
    this.disk = disk;
    const scenario = scenarioOf(random.pick(SCENARIOS));
    const [seed, rate] = [random.between(1, 1e6), random.pick([0.5, 1, 5, 40])];
    this.kernel = new RecordingKernel(new VirtualClock());
    this.#freeFds = this.#probe();
    const info = { kind: 'mock', mock: true, label: 'MOCK', scenario: scenario.name, seed } as const;
    const target = new OwnedTarget(
      this.kernel,
      info,
      sourcesOf(scenario),
      (objects) => new SimPlay(this.kernel, objects, { scenario, seed, rate }),
    );
    this.options = {
      target: { kind: 'mock', scenario: scenario.name, seed, rate, virtualTime: true, pauseAtMs: null },
      rules: random.pick(POLICIES),
      onExit: random.pick(['hold', 'invalid', 'success'] as const),
      readOnly: random.unit() < 0.05,
      dryRun: random.unit() < 0.1,
      alarms: DEFAULT_ALARMS,
      history: 16_384,
      journal: 'journal',
      events: true,
      until: {
        durationMs: random.unit() < 0.2 ? random.between(1, 3_000) : null,
        groups: random.unit() < 0.1 ? random.between(1, 300) : null,
        idleMs: null,
      },
    };
    const { durationMs, groups } = this.options.until;
    this.front = new FrontEnd({
      stream: random.pick(['faults', 'groups', 'none'] as const),
      endsByItself: durationMs !== null || groups !== null,
    });
    this.journalFrom = disk.text.length;
    this.journal = new Journal('journal', disk.open);
    const input = { options: this.options, version: '0.0.0', startedAt: '2000-01-01T00:00:00.000Z' };
    this.loop = new Loop(input, this.journal, target, {
      receive: () => this.front.inbox.shift(),
      send: (messages) => void this.front.fromEngine.push(messages),
    });
    // The front end begins with it.
    this.front.fromEngine.unshift([this.loop.session.hello]);
    this.front.deliverToFrontEnd();
    this.#run = this.loop.run();
  }

  /** The lowest descriptors that are free: more than it ever has open. */
  #probe(): string {
    const fds = Array.from({ length: 12 }, () => this.kernel.open('/dev/iommu', 2));
    for (const fd of fds) this.kernel.close(fd);
    return fds.join();
  }

  get nothingLeftOpen(): boolean {
    return this.#probe() === this.#freeFds;
  }

  /** Can the engine go on? */
  get awake(): boolean {
    return this.ending === null && (!this.#waits || this.front.inbox.length > 0);
  }

  /** One turn of the engine's thread. */
  engine(): void {
    try {
      const { done, value } = this.#run.next(true);
      this.#waits = !done && value !== null;
      if (done) this.#close();
    } catch (error) {
      if (error instanceof Killed) {
        this.kill();
        return;
      }
      if (!(error instanceof Bug)) throw error;
      this.kernel.behave();
      this.loop.session.fail(error);
      this.loop.close();
      this.ending = 'bug';
      this.#bug = error;
    }
  }

  #close(): void {
    this.kernel.behave();
    this.loop.close();
    this.ending = 'orderly';
  }

  /** The end of the thread comes after its last message. */
  get threadMayEnd(): boolean {
    return this.ending !== null && this.ending !== 'killed' && this.front.fromEngine.length === 0 && !this.#ended;
  }

  endThread(): void {
    this.#ended = true;
    this.front.engineEnded(this.#bug);
  }

  /** kill -9: the kernel closes what was open. */
  kill(): void {
    this.ending = 'killed';
    this.kernel.behave();
    this.kernel.closeAll();
  }

  /** What somebody types: whole lines, or the beginning of one. */
  type(): void {
    const { random, front } = this;
    const text = random.unit() < 0.1 ? junk(random) : JSON.stringify(command(random, this.loop.session, ++this.#ids));
    const cut = random.unit() < 0.1 ? random.between(0, text.length) : text.length;
    front.type(text.slice(0, cut));
    front.type(`${text.slice(cut)}\n`);
  }
}

/** Who may go on next, and how often it is chosen. */
type Actor = [name: string, weight: number, may: (life: Life) => boolean, act: (life: Life) => void];

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

/** For a while calls of the kernel fail now and then. */
function failCalls({ kernel, random }: Life): void {
  const errno = random.pick([Errno.ENOMEM, Errno.ENOMEM, Errno.EINTR, Errno.EIO]);
  const share = random.pick([0.1, 0.5, 1]);
  const only = random.pick(['read', 'write', 'poll', 'ioctl', null] as const);
  kernel.interfere = (call) => ((only === null || call === only) && random.unit() < share ? -errno : 0);
}

function endIn({ kernel, random }: Life, kind: typeof Killed | typeof Bug): void {
  let left = random.between(1, 12);
  kernel.interfere = () => {
    if (--left <= 0) throw new kind('in a call');
    return 0;
  };
}

function choose(life: Life, random: Random): Actor {
  const may = ACTORS.filter(([, , possible]) => possible(life));
  let at = random.unit() * may.reduce((sum, [, weight]) => sum + weight, 0);
  for (const actor of may) {
    at -= actor[1];
    if (at <= 0) return actor;
  }
  return may.at(-1) as Actor;
}

/** Plays the seed: lives one after another with one journal, until the steps are used up; the last one ends in order. */
export async function simulate({ seed, steps, breakIt, thorough = false }: Options): Promise<Result> {
  const random = new Random(seed, 7);
  const log: string[] = [];
  const counts: Record<string, number> = {};
  const count = (what: string, by = 1): void => {
    counts[what] = (counts[what] ?? 0) + by;
  };
  const disk = new JournalDisk();
  let broken: string | null = null;
  for (let left = steps; left > 0 && broken === null; ) {
    const life = new Life(random, disk);
    breakIt?.(life);
    const checks = new Checks(life);
    count('runs');
    while (left > 0 && life.ending !== 'killed' && life.front.exitCode === null && broken === null) {
      left--;
      const [name, , , act] = choose(life, random);
      act(life);
      await settle();
      log.push(`${life.loop.session.state.nowNs() / 1e6} ms: ${name}`);
      count(name);
      broken = checks.step();
    }
    if (broken === null && life.ending !== 'killed') broken = await finish(life, checks);
    // The process has ended, and with it its thread.
    if (life.ending === null) life.kill();
    broken ??= checks.end(thorough);
    count('groups', life.kernel.groups.length);
    count('faults', life.kernel.faults);
    count(`ended: ${life.ending}`);
  }
  return { log, broken, counts };
}

/** Everybody goes on until it is over: the reader reads, messages arrive, and somebody quits. */
async function finish(life: Life, checks: Checks): Promise<string | null> {
  const { front, kernel } = life;
  kernel.behave();
  for (let turn = 0; front.exitCode === null; turn++) {
    if (turn > 20_000) return 'it does not end';
    if (turn === 0) front.endInput();
    if (turn === 3 && life.ending === null) front.inbox.push({ command: { cmd: 'quit' }, cause: 'script' });
    front.deliverToEngine();
    if (life.awake) life.engine();
    if (life.threadMayEnd) life.endThread();
    front.deliverToFrontEnd();
    front.read();
    await settle();
    const broken = checks.step();
    if (broken !== null) return broken;
  }
  return null;
}
