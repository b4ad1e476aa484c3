// The ledger: what happened to every group, as plain state. It does no I/O, has no clock and notifies nobody: times and
// authors come from the caller, which may have read a fault queue, or have learned of it elsewhere.
import type { Answer, Cause, Counters } from '../../protocol/messages.ts';
import type { Attachment } from '../../sources/source.ts';
import type { Chunk } from './chunk.ts';
import { type Author, ELSEWHERE, type Elsewhere, type End } from './ends.ts';
import { type PendingGroup, STATE } from './group.ts';
import { History } from './history.ts';
import { HotPages } from './hot-pages.ts';
import { LatencyMeter } from './latency.ts';
import { type LedgerData, type LedgerShape, plain, type Totals } from './ledger-data.ts';
import { Losses, type LossPlace } from './losses.ts';
import { PageTable } from './pages.ts';
import { NO_QUEUE, Pending } from './pending.ts';
import { Rate } from './rate.ts';
import { Read } from './read.ts';
import { type GroupRecords, RECORD_WORDS } from './records.ts';
import { Refaults } from './refaults.ts';
import { Requesters } from './requesters.ts';
import { TrendMeter } from './trend.ts';

export class Ledger {
  readonly shape: LedgerShape;
  readonly history: History;
  readonly pending = new Pending();
  readonly pages: PageTable;
  readonly hotPages: HotPages;
  readonly refaults: Refaults;
  readonly requesters: Requesters;
  readonly latency = new LatencyMeter();
  readonly rate = new Rate();
  readonly losses = new Losses();
  readonly totals: Totals = {
    faults: 0,
    groups: 0,
    success: 0,
    invalid: 0,
    unseen: 0,
    auto: 0,
    refused: 0,
    repeated: 0,
    elsewhere: 0,
  };
  /** Groups by who ended them. */
  readonly ends: Record<Author, number> = {
    key: 0,
    rule: 0,
    script: 0,
    scenario: 0,
    exit: 0,
    kernel: 0,
    process: 0,
    nobody: 0,
  };
  /** Records read from each queue; a queue that came later has none yet. */
  readonly queueFaults: number[] = [];
  readonly trend = new TrendMeter(this.totals);
  readonly #read = new Read();

  constructor(shape: LedgerShape) {
    this.shape = shape;
    this.history = new History(shape.records, (chunk) => this.#saveFrom(chunk));
    this.hotPages = new HotPages(this.history);
    this.pages = new PageTable((count) => this.hotPages.keep(count));
    this.refaults = new Refaults(this.history, this.pages, shape.loopFrom);
    this.requesters = new Requesters(shape.ofOthers);
  }

  /**
   * Takes over `count` records that were read into the chunk at its end (see History.tail): finds, numbers and counts their
   * groups. The caller decides whether they are answered or become pending. Valid until the next call.
   */
  read(chunk: Chunk, count: number, queue: number, at: number): Read {
    const { totals } = this;
    const firstGroup = totals.groups + 1;
    const from = this.history.commit(chunk, count, at, firstGroup, queue);
    this.trend.advance(at);
    totals.faults += count;
    if (queue !== NO_QUEUE) this.queueFaults[queue] = (this.queueFaults[queue] ?? 0) + count;
    this.rate.add(count, at);
    const read = this.#read;
    read.queue = queue;
    read.at = at;
    read.firstGroup = firstGroup;
    read.take(chunk, from, count, this);
    totals.groups += read.groups;
    totals.repeated += read.repeated;
    return read;
  }

  /** Group `n` of the read, from 0, before anyone has decided about it. */
  group(read: Read, n: number): PendingGroup {
    return read.group(n, this.#throughOf);
  }

  readonly #throughOf = (devId: number, pasid: number): Attachment | undefined =>
    this.requesters.of(devId, pasid).through;

  /** The raw records of a pending group, until the history takes in more. */
  records({ seq, faults, saved }: PendingGroup): GroupRecords {
    if (saved) return { words: saved, from: 0, end: faults };
    const chunk = this.history.find(seq);
    if (!chunk) throw new Error(`record ${seq} of a pending group is neither held nor saved`);
    const from = seq - chunk.first;
    return { words: chunk.words, from, end: from + faults };
  }

  #saveFrom(chunk: Chunk): void {
    const last = chunk.first + chunk.count - 1;
    this.pending.saveUpTo(last, ({ seq, faults }) => {
      const from = seq - chunk.first;
      return chunk.words.slice(from * RECORD_WORDS, (from + faults) * RECORD_WORDS);
    });
  }

  /** We have answered these groups, and the kernel took it. */
  answered(groups: readonly PendingGroup[], code: Answer, by: Cause, at: number): void {
    this.#count(code, groups.length, by, at);
    for (const group of groups) {
      this.#end(group, STATE[code]);
      this.latency.add(at - group.arrivedNs);
    }
  }

  /** The same of the first `count` groups of a read that were answered at once, none of which is pending. */
  answeredAtOnce(read: Read, count: number, code: Answer, by: Cause, at: number): void {
    this.#count(code, count, by, at);
    if (count === 0) return;
    this.latency.add(at - read.at, count);
    const { chunk, starts } = read;
    chunk.states.fill(STATE[code], starts[0], starts[count]);
  }

  /**
   * These groups are no longer pending, and not by an answer of ours: the kernel's INVALID when their attachment went
   * (`auto`), an answer by another process or the kernel, or unknown.
   */
  endedElsewhere(groups: readonly PendingGroup[], how: End, by: Elsewhere, at: number): void {
    const answered = how === 'success' || how === 'invalid';
    this.#count(how === 'auto' ? 'auto' : 'elsewhere', groups.length, by, at);
    for (const group of groups) {
      this.#end(group, how === 'unknown' ? STATE.pending : STATE[how]);
      if (answered) this.latency.add(at - group.arrivedNs);
      // For the kernel's own INVALID the state says it.
      if (how !== 'auto') this.history.markAuthor(group.seq, group.faults, ELSEWHERE.indexOf(by));
    }
  }

  /** For a group that was seen and not read: an outstanding one with its name has ended, and it was not reported how. */
  endFormer(of: PendingGroup): void {
    const former = this.pending.outstanding(of);
    if (former) this.endedElsewhere([former], 'unknown', 'nobody', of.arrivedNs);
  }

  /** Time never runs backwards: late reports get the time of what came before them. */
  notBefore(at: number): number {
    return Math.max(at, this.rate.lastNs);
  }

  /** Groups that were never read here were answered: they are in no other count. */
  answeredUnseen(count: number): void {
    this.totals.unseen += count;
  }

  #count(as: 'success' | 'invalid' | 'auto' | 'elsewhere', count: number, by: Author, at: number): void {
    this.trend.advance(at);
    this.totals[as] += count;
    this.ends[by] += count;
  }

  #end({ group, seq, faults }: PendingGroup, state: number): void {
    this.pending.delete(group);
    this.history.mark(seq, faults, state);
  }

  attached(attachment: Attachment): void {
    this.requesters.attached = [...this.requesters.attached, attachment];
  }

  detached(old: Attachment): void {
    this.requesters.attached = this.requesters.attached.filter((a) => a !== old);
  }

  replaced(old: Attachment, attachment: Attachment): void {
    this.requesters.attached = this.requesters.attached.map((a) => (a === old ? attachment : a));
  }

  /** The same for a caller that always knows what is attached. */
  attachmentsAre(attachments: readonly Attachment[]): void {
    this.requesters.attached = attachments;
  }

  /** This much was just lost there. */
  lost(where: LossPlace, count: number, at: number): void {
    this.losses.add(where, count, at);
  }

  counters(dropped: number): Counters {
    const { elsewhere: _, ...totals } = this.totals;
    return { ...totals, pending: this.pending.size, evicted: this.history.evicted, dropped };
  }

  snapshot(): LedgerData {
    const { attachment, group } = plain();
    return {
      shape: { ...this.shape },
      totals: { ...this.totals },
      ends: { ...this.ends },
      queueFaults: [...this.queueFaults],
      history: this.history.snapshot(),
      pending: this.pending.snapshot(group),
      pages: this.pages.snapshot(),
      hotPages: this.hotPages.snapshot(),
      refaults: this.refaults.snapshot(),
      requesters: this.requesters.snapshot(attachment),
      latency: this.latency.snapshot(),
      rate: this.rate.snapshot(),
      trend: this.trend.snapshot(),
      losses: this.losses.snapshot(),
    };
  }

  /** One that continues from there. The data do not change: there can be many. */
  static restore(data: LedgerData): Ledger {
    const own = structuredClone(data);
    const ledger = new Ledger(own.shape);
    Object.assign(ledger.totals, own.totals);
    Object.assign(ledger.ends, own.ends);
    ledger.queueFaults.push(...own.queueFaults);
    for (const part of Object.keys(PARTS) as (keyof typeof PARTS)[]) ledger[part].restore(own[part] as never);
    return ledger;
  }
}

/** What restores itself: all of the data except these; a new part cannot be forgotten here. */
const PARTS = {
  history: true,
  pending: true,
  pages: true,
  hotPages: true,
  refaults: true,
  requesters: true,
  latency: true,
  rate: true,
  trend: true,
  losses: true,
} satisfies Record<keyof Omit<LedgerData, 'shape' | 'totals' | 'ends' | 'queueFaults'>, true>;
