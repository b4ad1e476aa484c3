// One seed: the whole program but for its threads, in simulated time, under a scheduler that decides who goes on next. What
// is checked after each turn is in checks.ts.
import { Random } from '../../src/scenario/random.ts';
import { choose } from './actors.ts';
import { Checks } from './checks.ts';
import { settle } from './front-end.ts';
import { JournalDisk } from './journal-disk.ts';
import { Life } from './life.ts';
import { Second, type SecondKind } from './second.ts';
import { secondProblem } from './second-checks.ts';

export interface Options {
  seed: number;
  /** Turns until it is ended, if it has not been. */
  steps: number;
  /** Kinds of turns that are left out, see KINDS. */
  without?: readonly string[];
  /** Replaces parts by broken ones, to see that it is found. */
  breakIt?: (life: Life) => void;
  /** Checks every line of the output by the schema too. */
  thorough?: boolean;
  /** Who else listens; passive: nothing of the run is another because of it. */
  second?: SecondKind;
}

export interface Result {
  log: string[];
  /** All that was written to the journal and to stdout. */
  written: string;
  /** The first thing that was wrong; null: nothing was. */
  broken: string | null;
  counts: Record<string, number>;
}

/** Plays the seed: lives one after another with one journal, until the steps are used up; the last one ends in order. */
export async function simulate({ seed, steps, without = [], breakIt, ...options }: Options): Promise<Result> {
  const { thorough = false, second: kind = 'passive' } = options;
  const random = new Random(seed, 7);
  const other = new Random(seed, 17);
  const log: string[] = [];
  const counts: Record<string, number> = {};
  const count = (what: string, by = 1): void => {
    counts[what] = (counts[what] ?? 0) + by;
  };
  const disk = new JournalDisk();
  let broken: string | null = null;
  let output = '';
  let killed = false;
  for (let left = steps; left > 0 && broken === null; ) {
    const life = new Life(random, disk, new Second(other, kind));
    life.afterKill = killed;
    breakIt?.(life);
    const checks = new Checks(life);
    count('runs');
    if (life.options.source.kind === 'host') count('runs on a host');
    while (left > 0 && life.ending !== 'killed' && life.front.exitCode === null && broken === null) {
      left--;
      const [name, , , act] = choose(life, random, without);
      act(life);
      life.second.turn(life.loop.session);
      await settle();
      log.push(`${life.loop.session.state.nowNs() / 1e6} ms: ${name}${life.told()}`);
      count(name);
      broken = checks.step();
    }
    if (broken === null && life.ending !== 'killed') broken = await finish(life, checks);
    // The process has ended, and with it its thread.
    if (life.ending === null) life.kill();
    broken ??= checks.end(thorough) ?? secondProblem(life);
    output += life.front.output;
    // The next start looks only so far back.
    killed = life.ending === 'killed' && life.journal.lost === 0 && disk.text.length - life.journalFrom < 50_000;
    count('groups', life.kernel.groups.length);
    count('faults', life.kernel.faults);
    for (const message of life.front.delivered) {
      if (message.type !== 'dropped') continue;
      count('records dropped', message.faults);
      count('messages dropped', message.messages);
    }
    for (const { delivered, taken, left } of life.second.stays) {
      count('listeners joined');
      if (left) count('listeners left');
      count('commands of those', taken.length);
      count('views of those', delivered.filter(({ type }) => type === 'view').length);
      count(
        'records dropped of those',
        delivered.reduce((n, m) => n + (m.type === 'dropped' ? m.faults : 0), 0),
      );
    }
    count(`ended: ${life.ending}`);
  }
  return { log, written: `${output}${disk.text}`, broken, counts };
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
    life.second.turn(life.loop.session);
    await settle();
    const broken = checks.step();
    if (broken !== null) return broken;
  }
  return null;
}
