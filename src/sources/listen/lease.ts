// One client of the handover socket. What it hands over is lent: when it leaves, or takes it back, its groups are settled
// first.

import type { Kernel } from '../../kernel/kernel.ts';
import type { Peer, Sockets } from '../../kernel/sockets.ts';
import { isExpected } from '../../text/refusal.ts';
import { Errno, errnoName } from '../../uapi/errno.ts';
import type { DevId, FaultId, Fd, HwptId, IoasId } from '../../uapi/ids.ts';
import type { SourceAction } from '../source.ts';
import type { Given } from './given.ts';
import { type HandoverRequest, parseRequest, type Request, RequestError } from './request.ts';

/** Bytes of one message. */
const MOST_BYTES = 65_536;
/** Messages of one client per tick, so that others get their turn. */
const MESSAGES = 16;

/** What one client has handed over, as it is kept. */
export interface Handover {
  /** Who it belongs to, as text. */
  readonly giver: string | null;
  /** Indices of the queues that are the giver's. */
  readonly given: readonly number[];
  isGiven(queue: number): boolean;
  /** The id of the queue's fault object (0: not told), and whether groups wait in it. */
  stateOf(queue: number): { id: number; waits: boolean };
}

/** Where it goes: the source. */
export interface Lessor {
  openContext(giver: string): Handover;
  /** Checks and takes it. Throws Refusal and IommufdError with nothing taken. Returns the indices of the queues. */
  take(context: Handover, given: Given): number[];
  /** The giver has gone: what must be done before everything is closed. */
  leave(context: Handover, text: string): SourceAction[];
}

/** What was wrong with a message, for the client; null: it is our bug. */
const refusalOf = (thrown: unknown): { error: string; hint: string | null } | null =>
  isExpected(thrown) ? { error: thrown.message, hint: thrown.hint } : null;

function givenOf({ queues, iommufd, devices }: HandoverRequest, fds: readonly Fd[]): Given {
  const fd = (position: number): Fd => fds[position] as Fd;
  return {
    queues: queues.map((q, i) => ({ fd: fd(q.fd), faultId: q.faultId as FaultId | null, what: `queues[${i}]` })),
    iommufd: iommufd === null ? null : { fd: fd(iommufd), what: 'iommufd' },
    devices: devices.map(({ fd: position, name, devId, hwptId, ioasId }, i) => ({
      fd: fd(position),
      name,
      devId: devId as DevId,
      hwptId: hwptId as HwptId | null,
      ioasId: ioasId as IoasId | null,
      what: `devices[${i}]`,
    })),
  };
}

export class Lease {
  readonly #kernel: Kernel;
  readonly #sockets: Sockets;
  readonly #lessor: Lessor;
  readonly #peer: Peer;
  readonly fd: Fd;
  readonly #bytes = new Uint8Array(MOST_BYTES);
  readonly #releasing = new Set<number>();
  #context: Handover | null = null;
  /** Why it is over; null while it lasts. */
  #ended: string | null = null;

  constructor(kernel: Kernel, sockets: Sockets, lessor: Lessor, fd: Fd, peer: Peer) {
    this.#kernel = kernel;
    this.#sockets = sockets;
    this.#lessor = lessor;
    this.fd = fd;
    this.#peer = peer;
  }

  get ended(): string | null {
    return this.#ended;
  }

  get context(): Handover | null {
    return this.#context;
  }

  /** Who it is, as text. */
  get giver(): string {
    return (
      this.#context?.giver ?? (this.#peer.pid > 0 ? `pid ${this.#peer.pid}` : 'a process in another PID namespace')
    );
  }

  /** Takes what has arrived. Returns the resulting actions. */
  receive(): SourceAction[] {
    const actions: SourceAction[] = [];
    for (let i = 0; i < MESSAGES && this.#ended === null; i++) {
      const message = this.#sockets.receive(this.fd, this.#bytes);
      if (message === -Errno.EAGAIN) break;
      if (typeof message === 'number') this.#ended = `the connection failed: ${errnoName(-message)}`;
      else if (message.count === 0) this.#end(message.fds);
      else actions.push(...this.#message(message.count, message.fds, message.truncated));
    }
    return actions;
  }

  /** An empty message is the end, too: recvmsg(2) does not tell the two apart. */
  #end(fds: readonly Fd[]): void {
    this.#closeAll(fds);
    this.#ended = 'it closed the connection';
  }

  #closeAll(fds: readonly Fd[]): void {
    for (const fd of fds) this.#kernel.close(fd);
  }

  #message(count: number, fds: readonly Fd[], truncated: boolean): SourceAction[] {
    try {
      if (truncated) throw tooMuch();
      return this.#carryOut(parseRequest(this.#bytes.subarray(0, count), fds.length), fds);
    } catch (thrown) {
      this.#closeAll(fds);
      const refusal = refusalOf(thrown);
      if (refusal === null) throw thrown;
      this.#answer({ ok: false, ...refusal });
      if (this.#context === null) this.#ended = `it was refused: ${refusal.error}`;
      return [];
    }
  }

  #carryOut(request: Request, fds: readonly Fd[]): SourceAction[] {
    if (request.cmd === 'hello') return this.#hello(request, fds);
    const context = this.#context;
    if (!context)
      throw new RequestError('nothing was handed over yet', 'the first message must be {"iopftop-handover":1, ...}');
    switch (request.cmd) {
      case 'add':
        return this.#take(context, request, fds);
      case 'release':
        return this.#release(context, request.queue);
      case 'status':
        this.#answer({ ok: true, pid: process.pid, queues: statusOf(context) });
        return [];
    }
  }

  #hello(request: Request & { cmd: 'hello' }, fds: readonly Fd[]): SourceAction[] {
    if (this.#context) throw new RequestError('this connection has already handed over', 'use {"cmd":"add", ...}');
    const { pid } = this.#peer;
    const giver = `${request.name} (pid ${pid})`;
    const context = this.#lessor.openContext(giver);
    const opened = this.#take(context, request, fds);
    this.#context = context;
    return [{ action: 'notice', what: 'connected', text: `${giver} has connected`, pid }, ...opened];
  }

  #take(context: Handover, request: HandoverRequest, fds: readonly Fd[]): SourceAction[] {
    const given = givenOf(request, fds);
    const queues = this.#lessor.take(context, given);
    this.#answer({ ok: true, queues });
    return queues.map((queue) => ({
      action: 'notice',
      what: 'queue-opened',
      text: `${context.giver} has handed over queue ${queue}`,
      pid: this.#peer.pid,
      queue,
    }));
  }

  #release(context: Handover, queue: number): SourceAction[] {
    if (!context.isGiven(queue) || this.#releasing.has(queue)) {
      const hint = `your queues: ${context.given.join(', ') || 'none'}`;
      throw new RequestError(`queue ${queue} is not yours`, hint);
    }
    this.#releasing.add(queue);
    return [{ action: 'close-queue', queue, text: `${context.giver} took queue ${queue} back` }];
  }

  /** The queue is settled and closed. */
  closed(queue: number): void {
    if (this.#releasing.delete(queue)) this.#answer({ ok: true, queues: [queue] });
  }

  #answer(answer: Record<string, unknown>): void {
    const sent = this.#sockets.send(this.fd, new TextEncoder().encode(JSON.stringify(answer)));
    if (sent === -Errno.EAGAIN) this.#ended ??= 'it does not read its replies';
  }

  /** Ended by iopftop, because of the client. */
  refuse(error: string, hint: string): void {
    this.#answer({ ok: false, error, hint });
    this.#ended = error;
  }

  /** With unread messages its last reply would come after an ECONNRESET (unix_release_sock). */
  #drain(): void {
    for (let i = 0; i < MESSAGES; i++) {
      const message = this.#sockets.receive(this.fd, this.#bytes);
      if (typeof message === 'number') return;
      this.#closeAll(message.fds);
      if (message.count === 0) return;
    }
  }

  /** The connection is over: what its queues need before they are closed. */
  leave(): SourceAction[] {
    this.#drain();
    this.#kernel.close(this.fd);
    const { pid } = this.#peer;
    const text = `${this.giver} disconnected: ${this.#ended ?? 'iopftop has ended'}`;
    const settled = this.#context ? this.#lessor.leave(this.#context, text) : [];
    return [...settled, { action: 'notice', what: 'disconnected', text, pid }];
  }
}

const statusOf = (context: Handover): { queue: number; faultId: number | null; waiting: boolean }[] =>
  context.given.map((queue) => {
    const { id, waits } = context.stateOf(queue);
    return { queue, faultId: id === 0 ? null : id, waiting: waits };
  });

const tooMuch = (): RequestError =>
  new RequestError(
    `the message was truncated: more than ${MOST_BYTES} bytes or 16 descriptors, or iopftop has no free descriptors`,
    'send less at once; `ulimit -n` of iopftop limits its descriptors',
  );
