// What a journal says about earlier runs: which of them have no end, and what they had. Entries name their run, so that
// several runs in one journal, and the rest of one after a rotation, can be told apart. It is read backwards.

import type { RunProcess } from '../../process/run-process.ts';
import { isObject } from '../../text/is-object.ts';
import { joinLines } from '../../text/one-line.ts';
import type { QueuesOf } from './start-entry.ts';

/** A run without an `end`. */
export interface FormerRun {
  /** null: written by a version whose entries do not name their run. */
  readonly run: string | null;
  /** ISO 8601, as written; null: its start is not in the journal, or not in the part that was read. */
  readonly startedAt: string | null;
  /** Time of its last whole entry, in seconds since its start. */
  readonly lastT: number;
  readonly process: RunProcess | null;
  /** null: not known. */
  readonly queues: QueuesOf | null;
  /** The process that owns the queues (--pid); its start time in clock ticks since the boot, null if it was not seen. */
  readonly owner: { readonly pid: number; readonly startTime: number | null } | null;
  /** Queues of the owner were taken over and not given back. */
  readonly taken: boolean;
  /** It had stopped the owner. */
  readonly stopped: boolean;
  /** Devices that it had taken from their drivers. */
  readonly bound: readonly string[];
  /** PIDs of the processes that had handed queues over and were still connected. */
  readonly givers: readonly number[];
  /** What `iopftop exec` had started. */
  readonly command: string | null;
}

type Entry = Record<string, unknown>;

/** For these actions only the action itself matters. */
const DULL = new Set(['answer', 'auto-responded', 'attached', 'replaced', 'detached', 'policy', 'alarm', 'refused']);
/** How our own lines begin; other lines are parsed. */
const HEAD = /^\{"t":(-?[\d.]+(?:e[+-]?\d+)?)(?:,"run":"([^"\\]{1,64})")?,"action":"([a-z-]{1,32})"/;
const LONGEST_LINE = 1 << 20;
const LONGEST_TEXT = 200;
/** Runs without an end that are kept, and names of each that are. */
const MOST_RUNS = 64;
const MOST_NAMES = 64;

/** For JSON.parse: the start would wait for 16 MiB of it. What a line does not reveal is not known about its run. */
const parsed = (line: string): Entry | null => {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? (value as Entry) : null;
  } catch {
    return null;
  }
};

/** Anyone who can write the file can write anything into it. */
const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? joinLines(value.slice(0, LONGEST_TEXT)) : null;
const whole = (value: unknown): number | null =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
const table = (value: unknown): Entry => (isObject(value) ? (value as Entry) : {});

/**
 * What is known about a run as its entries are read, last one first: if two contradict each other, the later one counts.
 */
class Traces {
  readonly run: string | null;
  readonly lastT: number;
  /** Its start has been read, or an entry that repeats it. */
  whole = false;
  #start: Entry = {};
  #stopped: boolean | null = null;
  #taker: number | null = null;
  readonly #queues = new Map<number, boolean>();
  readonly #bound = new Map<string, boolean>();
  readonly #givers = new Map<number, boolean>();

  constructor(run: string | null, lastT: number) {
    this.run = run;
    this.lastT = lastT;
  }

  #note<K>(of: Map<K, boolean>, name: K | null, is: boolean): void {
    if (name !== null && !of.has(name) && of.size < MOST_NAMES) of.set(name, is);
  }

  take(entry: Entry): void {
    const { action } = entry;
    const pid = whole(entry.pid);
    switch (action) {
      case 'start':
      case 'running':
        this.#begin(entry);
        return;
      case 'taken':
        this.#taker ??= pid;
        this.#note(this.#queues, whole(entry.queue), true);
        return;
      case 'queue-closed':
        this.#note(this.#queues, whole(entry.queue), false);
        return;
      case 'stopped':
      case 'continued':
        this.#stopped ??= action === 'stopped';
        return;
      case 'bound':
      case 'restored':
        this.#note(this.#bound, text(entry.device), action === 'bound');
        return;
      case 'connected':
      case 'disconnected':
        this.#note(this.#givers, pid, action === 'connected');
    }
  }

  /** What it had then; earlier entries have nothing newer. */
  #begin(entry: Entry): void {
    if (this.whole) return;
    this.whole = true;
    this.#start = entry;
    const { taken, stopped, bound, givers } = entry;
    for (const queue of listOf(taken)) this.#note(this.#queues, whole(queue), true);
    for (const device of listOf(bound)) this.#note(this.#bound, text(device), true);
    for (const pid of listOf(givers)) this.#note(this.#givers, whole(pid), true);
    if (stopped === true) this.#stopped ??= true;
  }

  result(): FormerRun {
    const { startedAt, command, owner: given } = this.#start;
    const owner = table(given);
    const pid = whole(owner.pid) ?? this.#taker ?? pidOf(this.#start.target);
    const names = <K>(of: Map<K, boolean>): K[] => [...of].flatMap(([name, is]) => (is ? [name] : []));
    return {
      run: this.run === null ? null : text(this.run),
      startedAt: text(startedAt),
      lastT: this.lastT,
      process: processOf(this.#start.process),
      queues: queuesOf(this.#start) ?? (this.#queues.size > 0 && this.#taker !== null ? 'process' : null),
      owner: pid === null ? null : { pid, startTime: whole(owner.startTime) },
      taken: names(this.#queues).length > 0,
      stopped: this.#stopped === true,
      bound: names(this.#bound),
      givers: names(this.#givers),
      command: text(command),
    };
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function processOf(value: unknown): RunProcess | null {
  const { pid, startTime, bootId, pidNamespace } = table(value);
  if (whole(pid) === null || whole(startTime) === null) return null;
  if (typeof bootId !== 'string' || typeof pidNamespace !== 'string') return null;
  return { pid: pid as number, startTime: startTime as number, bootId, pidNamespace };
}

const QUEUES: readonly unknown[] = ['simulated', 'own', 'process', 'handed'] satisfies QueuesOf[];

/** Versions without this field had labels that show it, except device names. */
function queuesOf({ queues, target }: Entry): QueuesOf | null {
  if (QUEUES.includes(queues)) return queues as QueuesOf;
  if (typeof target !== 'string') return null;
  if (pidOf(target) !== null) return 'process';
  if (/^(handed over|listens at )/.test(target)) return 'handed';
  return target.startsWith('MOCK') ? 'simulated' : 'own';
}

function pidOf(target: unknown): number | null {
  const [, pid] = /^PID (\d{1,10}) /.exec(typeof target === 'string' ? target : '') ?? [];
  return pid === undefined ? null : Number(pid);
}

/** Takes a journal's lines, the last one first, over all of its files. */
export class FormerRuns {
  readonly #found = new Map<string | null, Traces>();
  readonly #done: Traces[] = [];
  /**
   * Ended, or reported by a later run; until their start is read, since an id may have been used before (in simulated time).
   */
  readonly #ended = new Set<string | null>();
  readonly #told = new Set<string | null>();
  /** Entries without an id belong to successive runs: the last one is decided. */
  #anonymous: 'open' | 'decided' = 'open';
  /** Runs without an end that are not kept. */
  more = 0;

  take(line: string): void {
    // What is certainly not an entry must cost nothing: JSON.parse takes long to refuse it, and a file may be full of it.
    if (!/^\s*\{\s*"/.test(line.slice(0, 200))) return;
    if (line.length > LONGEST_LINE && !HEAD.test(line.slice(0, 200))) return;
    const [, t, run = null, action = ''] = HEAD.exec(line) ?? [];
    if (run === null && this.#anonymous === 'decided' && t !== undefined) return;
    if (t !== undefined && DULL.has(action)) this.#see(run, Number(t));
    else this.#read(parsed(line));
  }

  #read(entry: Entry | null): void {
    if (entry === null || typeof entry.t !== 'number' || typeof entry.action !== 'string') return;
    const run = typeof entry.run === 'string' ? entry.run : null;
    if (run === null && this.#anonymous === 'decided') return;
    if (entry.action === 'end' && !this.#found.has(run)) this.#ended.add(run);
    const traces = this.#see(run, entry.t);
    traces?.take(entry);
    if (entry.action === 'unfinished') this.#wasTold(run, entry);
    if (entry.action === 'start') this.#begins(run);
  }

  #see(run: string | null, t: number): Traces | null {
    const known = this.#found.get(run);
    if (known || this.#ended.has(run) || this.#told.has(run)) return known ?? null;
    const traces = new Traces(run, t);
    if (this.#found.size < MOST_RUNS) this.#found.set(run, traces);
    else this.#overflow(run);
    return traces;
  }

  #overflow(run: string | null): void {
    this.more++;
    this.#ended.add(run);
  }

  /** A later run reported that this one was killed; what it has written since (so it was not) counts more. */
  #wasTold(by: string | null, { former, state }: Entry): void {
    if (state === 'running' || former === undefined) return;
    const run = typeof former === 'string' ? former : null;
    if (run === by || !this.#found.has(run)) this.#told.add(run);
  }

  #begins(run: string | null): void {
    const traces = this.#found.get(run);
    if (traces) {
      this.#done.push(traces);
      this.#found.delete(run);
    } else if (!this.#ended.delete(run)) {
      this.#told.delete(run);
    }
    if (run === null) this.#anonymous = 'decided';
  }

  /** Ids of those whose start has not been read. */
  get withoutStart(): ReadonlySet<string | null> {
    return new Set([...this.#found].flatMap(([run, traces]) => (traces.whole ? [] : [run])));
  }

  /** A line found far ahead of the others: the start of a run whose start was missing. */
  takeStart(line: string): void {
    const entry = parsed(line);
    if (entry === null || (entry.action !== 'start' && entry.action !== 'running')) return;
    const run = typeof entry.run === 'string' ? entry.run : null;
    this.#found.get(run)?.take(entry);
  }

  /** The newest first. */
  result(): FormerRun[] {
    return [...this.#done, ...this.#found.values()].map((traces) => traces.result());
  }
}

/** The runs without an end in a text that is a journal, or the end of one; the newest first. */
export function formerRuns(journal: string): FormerRun[] {
  const runs = new FormerRuns();
  for (const line of journal.split('\n').reverse()) if (line !== '') runs.take(line);
  return runs.result();
}
