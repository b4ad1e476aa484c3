// One seed of the engine and the headless front end over queues that are others': who goes on next, and how it ends.
import { Journal } from '../../src/engine/journal/journal.ts';
import type { EngineOptions } from '../../src/engine/options.ts';
import { Loop } from '../../src/engine/thread/loop.ts';
import type { Command } from '../../src/protocol/messages.ts';
import type { Random } from '../../src/scenario/random.ts';
import type { FaultSource } from '../../src/sources/source.ts';
import { PLAIN_RUN } from '../engine/fixture.ts';
import { byWeight } from './by-weight.ts';
import { FrontEnd, settle } from './front-end.ts';
import { JournalDisk } from './journal-disk.ts';
import { POLICIES } from './operator.ts';

/** What somebody may do next, and how often it is chosen. */
export type Turn = [name: string, weight: number, act: () => void];

export interface Besides {
  readonly source: FaultSource;
  readonly kind: EngineOptions['source'];
  /** What those do whose queues they are. */
  readonly others: readonly Turn[];
  /** What somebody types. */
  typed(loop: Loop, id: number): Command;
  /** After each turn: what is wrong; null: nothing is. */
  account(loop: Loop, ended: boolean): string | null;
  /** Of each turn, for the log. */
  told(): string;
  /** What is wrong once it is over, of which the journal is this. */
  left(journal: string): string | null;
  /** Told before the first turn. */
  begin?(loop: Loop): void;
  /** Told before the engine closes. */
  end?(): void;
}

const MOST_TURNS = 5_000;

/** Plays it for so many turns and then to its end. Returns the log and the first thing that was wrong. */
export async function playBeside(
  random: Random,
  steps: number,
  besides: Besides,
): Promise<{ log: string[]; broken: string | null }> {
  const front = new FrontEnd({ stream: 'faults', endsByItself: false });
  const disk = new JournalDisk();
  const options: EngineOptions = {
    ...PLAIN_RUN,
    source: besides.kind,
    rules: random.pick(POLICIES),
    onExit: random.pick(['hold', 'invalid', 'success'] as const),
    journal: 'journal',
  };
  const input = { options, version: '0.0.0', startedAt: '2000-01-01T00:00:00.000Z' };
  const loop = new Loop(input, new Journal('journal', disk.open), besides.source, front.port);
  front.fromEngine.unshift([loop.session.hello]);
  besides.begin?.(loop);
  const run = loop.run();
  let ended = false;
  const engine = (): void => {
    if (ended || !run.next(true).done) return;
    besides.end?.();
    loop.close();
    ended = true;
  };
  let ids = 0;
  let note = '';
  const type = (text: string): void => {
    note = ` ${text}`;
    front.type(`${text}\n`);
  };
  const turns: readonly Turn[] = [
    ['engine', 60, engine],
    ['deliver commands', 30, () => front.deliverToEngine()],
    ['deliver events', 30, () => front.deliverToFrontEnd()],
    ['read output', 30, () => front.read()],
    ['type', 12, () => type(JSON.stringify(besides.typed(loop, ++ids)))],
    // A second one ends the process at once, as kill -9 does.
    ['signal', 0.3, () => void (front.signals === 0 && front.signal('SIGTERM'))],
    ['end input', 0.3, () => front.endInput()],
    ['reader goes', 0.2, () => void (front.outputFailed || front.failOutput('EPIPE'))],
    ...besides.others,
  ];
  const log: string[] = [];
  let broken: string | null = null;
  const after = async (): Promise<void> => {
    await settle();
    broken = besides.account(loop, ended);
  };
  while (log.length < steps && !ended && broken === null) {
    const [name, , act] = byWeight(random, turns);
    act();
    await after();
    log.push(`${loop.session.state.nowNs() / 1e6} ms: ${name}, ${besides.told()}${note}`);
    note = '';
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
  return { log, broken: broken ?? besides.left(disk.text) };
}
