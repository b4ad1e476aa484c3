// Queues that other processes opened: inherited from our parent, or handed over through a socket.

import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { isSameFile } from '../../process/same-file.ts';
import type { Hello } from '../../protocol/messages.ts';
import { Refusal } from '../../text/refusal.ts';
import type { Fd } from '../../uapi/ids.ts';
import type { Given, GivenDevice } from '../listen/given.ts';
import { Listener } from '../listen/listener.ts';
import { noSuchDevice, unknownTable } from '../objects/attachment-refusals.ts';
import type { IommufdObjects } from '../objects/objects.ts';
import { CONTEXT_IDS, MOST_CONTEXTS } from '../objects/shifted-queue.ts';
import type {
  Attaching,
  Attachment,
  FaultSource,
  HwptChoice,
  Lent,
  Mapping,
  SourceAction,
  SourceDevice,
  SourceHwpt,
  Triggering,
  TriggerRequest,
} from '../source.ts';
import { HandedContext } from './context.ts';
import { checkDescriptor, deviceName } from './descriptor.ts';

/** In one run: each keeps its number when it is closed. */
const MOST_QUEUES = 4_096;
/** Devices that are listed; of those that are gone the oldest make room. */
const MOST_DEVICES = 1_024;

export class HandedSource implements FaultSource, Lent, Attaching, Mapping, Triggering {
  readonly info: Hello['target'];
  readonly kernel: Kernel;
  readonly #queues: FaultQueue[] = [];
  readonly #contexts: HandedContext[] = [];
  #opened = 0;
  /** Those whose giver has gone, until their queues are settled. */
  readonly #leaving = new Set<HandedContext>();
  #devices: SourceDevice[] = [];
  #listener: Listener | null = null;
  /** For the next tick. */
  #news: SourceAction[] = [];

  constructor(kernel: Kernel, label: string) {
    this.kernel = kernel;
    this.info = { kind: 'handed', mock: false, label, scenario: null, seed: null };
  }

  /** Throws Refusal and IommufdError. */
  listen(path: string): void {
    this.#listener = new Listener(this.kernel, path, this);
  }

  readonly lent = this;
  readonly owner = null;
  readonly handles = null;
  readonly answering = { listener: null };
  readonly attaching = this;
  readonly mapping = this;

  /** Only devices whose descriptors were handed over are known to be mock devices. */
  get triggering(): this | null {
    return this.#contexts.some(({ objects }) => objects?.canTrigger) ? this : null;
  }

  get queues(): readonly FaultQueue[] {
    return this.#queues;
  }

  get watches(): readonly Fd[] {
    return this.#listener?.watches ?? [];
  }

  get devices(): readonly SourceDevice[] {
    return this.#devices;
  }

  get attachments(): readonly Attachment[] {
    return this.#contexts.flatMap(({ objects }) => objects?.attachments ?? []);
  }

  get hwpts(): readonly SourceHwpt[] {
    return this.#contexts.flatMap(({ objects }) => objects?.hwpts ?? []);
  }

  /** `giver` null: our parent. Its device ids begin where no other giver's can. */
  openContext(giver: string | null): HandedContext {
    const shift = (this.#opened % MOST_CONTEXTS) * CONTEXT_IDS;
    return new HandedContext(this.kernel, giver, shift, (queue) => this.#addQueue(queue));
  }

  #addQueue(queue: FaultQueue): number {
    return this.#queues.push(queue) - 1;
  }

  /** Checks what is given, then takes it. Throws Refusal and IommufdError with nothing taken; then nothing is closed. */
  take(context: HandedContext, given: Given): number[] {
    this.#check(given);
    const queues = context.add({ ...given, devices: given.devices.map((device) => this.#named(device)) });
    if (!this.#contexts.includes(context)) {
      this.#contexts.push(context);
      this.#opened++;
    }
    for (const { devId, name, pasidCapable } of context.objects?.devices ?? []) {
      if (!this.#devices.some((d) => d.devId === devId)) this.#list({ devId, name, pasidCapable });
    }
    return queues;
  }

  #named(device: GivenDevice): GivenDevice {
    const { files } = this.kernel;
    return { ...device, name: device.name ?? deviceName(files, files.readLink(`/proc/self/fd/${device.fd}`)) };
  }

  #check({ queues, iommufd, devices }: Given): void {
    const { files } = this.kernel;
    for (const { fd, what } of queues) checkDescriptor(files, fd, 'fault queue', what);
    if (iommufd) checkDescriptor(files, iommufd.fd, 'iommufd', iommufd.what);
    for (const { fd, what } of devices) checkDescriptor(files, fd, 'VFIO device', what);
    queues.forEach(({ fd, what }, i) => {
      const before = queues.slice(0, i).find((other) => this.isSame(fd, other.fd));
      if (before) throw new Refusal('refused', `${what} and ${before.what} are the same queue`, 'pass it once');
      const known = this.#queues.findIndex((queue) => !queue.closed && this.isSame(fd, queue.fd));
      if (known >= 0) throw new Refusal('refused', `${what} is already here, as queue ${known}`, 'pass it once');
    });
    // One more may be made in its iommufd.
    if (this.#queues.length + queues.length >= MOST_QUEUES) {
      throw new Refusal('refused', `this run has had ${MOST_QUEUES} queues, the maximum`, 'restart iopftop');
    }
  }

  /** Are the two descriptors the same open file? */
  isSame(a: Fd, b: Fd): boolean {
    return this.kernel.processes !== null && isSameFile(this.kernel.processes, a, b);
  }

  #list(device: SourceDevice): void {
    if (this.#devices.length >= MOST_DEVICES) {
      const gone = this.#devices.findIndex(({ devId }) => this.#contextOf(devId) === undefined);
      if (gone < 0) return;
      this.#devices.splice(gone, 1);
    }
    this.#devices = [...this.#devices, device];
  }

  #contextOf(devId: number): HandedContext | undefined {
    const shift = devId - (devId % CONTEXT_IDS);
    return this.#contexts.find((context) => context.shift === shift);
  }

  #need(devId: number): HandedContext {
    const context = this.#contextOf(devId);
    if (context) return context;
    throw noSuchDevice(devId, this.#devices);
  }

  #objectsOf(devId: number): IommufdObjects {
    return this.#need(devId).objectsOf(devId);
  }

  /** Without its descriptor, only the name of a device is known. */
  seen(devId: number): void {
    if (this.#devices.some((device) => device.devId === devId)) return;
    const context = this.#contextOf(devId);
    const name = `device ${devId - (context?.shift ?? 0)}${context?.giver ? ` of ${context.giver}` : ''}`;
    this.#list({ devId, name, pasidCapable: false });
  }

  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment {
    return this.#objectsOf(devId).attach(devId, pasid, choice);
  }

  replace(devId: number, pasid: number | null, choice: HwptChoice): { attachment: Attachment; old: SourceHwpt } {
    return this.#objectsOf(devId).replace(devId, pasid, choice);
  }

  detach(devId: number, pasid: number | null): SourceHwpt {
    return this.#objectsOf(devId).detach(devId, pasid);
  }

  trigger(request: TriggerRequest): void {
    this.#objectsOf(request.devId).trigger(request);
  }

  map(devId: number, pasid: number | null, pages: readonly bigint[]): void {
    const { objects } = this.#need(devId);
    if (!objects?.has(devId)) throw unknownTable(devId);
    objects.map(devId, pasid, pages);
  }

  isMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null {
    return this.#contextOf(devId)?.objects?.isMapped(devId, pasid, pages) ?? null;
  }

  nextDueNs(): bigint | null {
    return this.#news.length > 0 ? 0n : (this.#listener?.nextDueNs() ?? null);
  }

  tick(nowNs: bigint): SourceAction[] {
    const news = this.#news.splice(0);
    const actions = this.#listener?.tick(nowNs) ?? [];
    return news.length === 0 ? actions : [...news, ...actions];
  }

  /** The giver has gone: its queues are settled by the engine, then all of it is closed. */
  leave(context: HandedContext, text: string): SourceAction[] {
    this.#leaving.add(context);
    const queues = [...context.queues.keys()];
    if (queues.length === 0) this.#finish(context);
    return queues.map((queue) => ({ action: 'close-queue', queue, text }));
  }

  closeQueue(index: number): void {
    const context = this.#contexts.find(({ queues }) => queues.has(index));
    if (!context) return;
    context.closeQueue(index);
    this.#listener?.closed(index);
    if (this.#leaving.has(context) && context.queues.size === 0) this.#finish(context);
  }

  #finish(context: HandedContext): void {
    this.#leaving.delete(context);
    const failures = context.close();
    if (this.#contexts.includes(context)) this.#contexts.splice(this.#contexts.indexOf(context), 1);
    this.#news.push(
      ...failures.map(({ message }): SourceAction => ({ action: 'notice', what: 'disconnected', text: message })),
    );
  }

  note(devId: number): string | null {
    return this.#contextOf(devId) ? null : 'its owner has gone';
  }

  close(): Error[] {
    const failures = this.#contexts.splice(0).flatMap((context) => context.close());
    this.#listener?.close();
    return failures;
  }
}
