// One process of the program, from its start to its end, without its threads: who goes on next is decided elsewhere.
import { Journal } from '../../src/engine/journal/journal.ts';
import { DEFAULT_ALARMS, type EngineOptions, FIRST } from '../../src/engine/options.ts';
import { Loop } from '../../src/engine/thread/loop.ts';
import type { ToWorker } from '../../src/engine/thread/wire.ts';
import type { Command } from '../../src/protocol/messages.ts';
import type { Random } from '../../src/scenario/random.ts';
import { FrontEnd } from './front-end.ts';
import type { JournalDisk } from './journal-disk.ts';
import { command, junk, POLICIES } from './operator.ts';
import { choosePlace, type Place } from './place.ts';
import { Bug, Killed, type RecordingKernel } from './recorder.ts';
import type { Second } from './second.ts';

/** How a run came to its end. */
type Ending = 'orderly' | 'bug' | 'killed';

export class Life {
  readonly random: Random;
  readonly place: Place;
  readonly kernel: RecordingKernel;
  readonly front: FrontEnd;
  readonly second: Second;
  readonly loop: Loop;
  readonly journal: Journal;
  readonly disk: JournalDisk;
  readonly options: EngineOptions;
  /** Commands that have reached the engine. */
  readonly taken: Command[] = [];
  /** What came last of what it was told, for the log. */
  note = '';
  readonly stream: 'faults' | 'groups' | 'none';
  /** Where its journal begins in the file. */
  readonly journalFrom: number;
  #run: Generator<number | null, void, boolean>;
  #waits = false;
  ending: Ending | null = null;
  /** The run before it was killed, and its journal says that it had begun. */
  afterKill = false;
  #ids = 0;
  #toldRead = 0;
  #toldWaiting = 0;
  #bug: Error | null = null;
  #ended = false;

  constructor(random: Random, disk: JournalDisk, second: Second) {
    this.random = random;
    this.second = second;
    this.disk = disk;
    this.place = choosePlace(random);
    const { kernel, source, kind } = this.place;
    this.kernel = kernel;
    this.options = {
      source: kind,
      rules: random.pick(POLICIES),
      onExit: random.pick(['hold', 'invalid', 'success'] as const),
      readOnly: random.unit() < 0.05,
      dryRun: random.unit() < 0.1,
      alarms: DEFAULT_ALARMS,
      // Small enough that pending groups outlive it.
      history: random.pick([256, 4_096]),
      journal: 'journal',
      events: true,
      until: {
        durationMs: random.unit() < 0.2 ? random.between(1, 3_000) : null,
        groups: random.unit() < 0.1 ? random.between(1, 300) : null,
        idleMs: random.unit() < 0.05 ? random.between(50, 2_000) : null,
      },
    };
    const { durationMs, groups, idleMs } = this.options.until;
    this.stream = random.pick(['faults', 'groups', 'none'] as const);
    this.front = new FrontEnd({
      stream: this.stream,
      endsByItself: durationMs !== null || groups !== null || idleMs !== null,
    });
    this.journalFrom = disk.text.length;
    this.journal = new Journal('journal', disk.open, `life-${disk.text.length}`);
    const input = { options: this.options, version: '0.0.0', startedAt: '2000-01-01T00:00:00.000Z' };
    this.loop = new Loop(input, this.journal, source, {
      receive: () => this.#receive(),
      send: (to, messages) => (to === FIRST ? this.front.port : second).send(to, messages),
      // So little that a reader who does not read much loses some.
      room: random.pick([100, 1_000, 1_000_000]),
    });
    // The front end begins with it.
    this.front.fromEngine.unshift([this.loop.session.hello]);
    this.front.deliverToFrontEnd();
    this.#run = this.loop.run();
  }

  #receive(): ToWorker | undefined {
    const message = this.front.port.receive();
    if (message && 'command' in message.message) this.taken.push(message.message.command);
    return message ?? this.second.receive();
  }

  /** Can the engine go on? */
  get awake(): boolean {
    return this.ending === null && (!this.#waits || this.front.inbox.length > 0 || this.second.wakes);
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

  /** What the last turn did, for the log: what was typed, what was read and answered. */
  told(): string {
    const { note, kernel } = this;
    const [read, waiting] = [kernel.groups.length, kernel.outstanding.size];
    const [newRead, newWaiting] = [read - this.#toldRead, waiting - this.#toldWaiting];
    this.#toldRead = read;
    this.#toldWaiting = waiting;
    this.note = '';
    const groups = newRead !== 0 || newWaiting !== 0 ? `, ${newRead} groups read, ${waiting} outstanding` : '';
    return `${groups}${note === '' ? '' : ` ${JSON.stringify(note)}`}`;
  }

  /** What somebody types: whole lines, or the beginning of one. */
  type(): void {
    const { random, front } = this;
    const text = random.unit() < 0.1 ? junk(random) : JSON.stringify(command(random, this.loop.session, ++this.#ids));
    this.note = text;
    const cut = random.unit() < 0.1 ? random.between(0, text.length) : text.length;
    front.type(text.slice(0, cut));
    front.type(`${text.slice(cut)}\n`);
  }
}
