// Lines of src/kernel/sim that the differential run does not reach, and why that is so. A line is named by its text; lines
// of punctuation alone are not counted. One that is reached after all is told, and has to go from here.

export interface NotReached {
  readonly why: string;
  /** By file below src/kernel/sim, or by folder (with a slash at its end). */
  readonly lines: Readonly<Record<string, readonly string[] | 'all'>>;
}

export const NOT_REACHED: readonly NotReached[] = [
  {
    why: 'a simulated host with its files, of which the real kernel has none; test/host and test/doctor run on it',
    lines: { 'machine/': 'all' },
  },
  {
    why: 'devices that act by themselves, and simulated time: the real kernel has neither; test/kernel and test/simulation do',
    lines: {
      'bus.ts': 'all',
      'clock.ts': 'all',
      'poll-files.ts': [
        'const due = bus.nextDue();',
        'const until = due !== undefined && (deadline === undefined || due < deadline) ? due : deadline;',
        'bus.run(clock.now());',
        'return ready(table, fds);',
      ],
      'mock-device.ts': ['listen(listener: ResponseListener | undefined): void {', 'this.#listener = listener;'],
      'sim.ts': [
        'now(): bigint {',
        'return this.#clock.now();',
        'attachBehaviour(devId: DevId, behaviour: DeviceBehaviour, iommufd?: Fd): () => void {',
        'return this.#bus.attach(this.#device(devId, iommufd).dev, behaviour);',
        '#device(devId: DevId, iommufd: Fd | undefined): IommufdDevice {',
        'const only = iommufd === undefined ? undefined : this.#fds.get(iommufd)?.ops;',
        'for (const ctx of this.#contexts) {',
        'if (only !== undefined && ctx !== only) continue;',
        'const device = ctx.objects.get(devId, IommufdDevice);',
        'if (device) return device;',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a line is named by its text
        'throw new RangeError(`no device with id ${devId} is bound`);',
      ],
    },
  },
  {
    why: 'stands for an eventfd, of which the program knows only whether it was written to',
    lines: {
      'wakeup-file.ts': 'all',
      'sim.ts': [
        'wakeup(): Wakeup {',
        'const file = new WakeupFile();',
        'const fd = this.#fds.install(new OpenFile(file, 2)) as Fd;',
        "return { fd, handle: { kind: 'shared', cell: file.buffer }, clear: () => file.clear() };",
      ],
    },
  },
  {
    why: 'SVA: the mock driver of the real kernel cannot bind an address space; test/kernel has its tests',
    lines: {
      'mock-device.ts': [
        'bindSva(pasid: number, code: PageResponseCode): number {',
        'if (pasid === 0 || pasid >= this.driver.maxPasids) return -Errno.EINVAL;',
        'if (this.#handles.has(pasid)) return -Errno.EBUSY;',
        'const domain: IopfDomain = {',
        'nested: false,',
        'sva: true,',
        'iopfHandler: (group) => {',
        'const last = group.faults[group.faults.length - 1] as Fault;',
        'this.pageResponse(last.pasid, last.grpid, code);',
        'this.#faults.enable();',
        'this.#handles.set(pasid, { domain, devId: 0 });',
        'return 0;',
        'unbindSva(pasid: number): void {',
        'this.#faults.disable();',
        'this.#handles.delete(pasid);',
      ],
      'sim.ts': [
        'bindSva(devId: DevId, pasid: number, code: PageResponseCode = PageResponse.SUCCESS, iommufd?: Fd): number {',
        'return this.#device(devId, iommufd).dev.bindSva(pasid, code);',
        'unbindSva(devId: DevId, pasid: number, iommufd?: Fd): void {',
        'this.#device(devId, iommufd).dev.unbindSva(pasid);',
      ],
    },
  },
  {
    why: "a write into a driver's attribute that may not return: a simulated host's; test/kernel/linux/beside and test/sources/undo/slow-write have both kernels'",
    lines: {
      'sim.ts': [
        'writeBeside(path: string, text: string): SlowWrite {',
        'let begun: bigint | null = null;',
        'const write = (): number => {',
        'const refused = refusalOf(() => this.files.write(path, text));',
        'return refused ? -refused.errno : 0;',
        'let result: number | null = null;',
        'return {',
        'pid: this.#options.machine?.waiter ?? null,',
        'isReady: () => true,',
        'go: () => {',
        'begun ??= this.now();',
        'cancel: () => {},',
        'result: () => {',
        'if (begun === null || this.#options.machine?.blocks(path, text, this.now() - begun)) return null;',
        'result ??= write();',
        'return result;',
      ],
    },
  },
  {
    why: 'for tests and for the end of a simulated process, not what a call does',
    lines: {
      'files.ts': [
        'get paths(): Map<number, string> {',
        'return new Map([...this.#files].map(([fd, file]) => [fd, file.ops.path]));',
        'closeAll(): void {',
        'for (const fd of [...this.#files.keys()].sort((a, b) => a - b)) this.close(fd);',
      ],
      'iopf.ts': ['get partials(): number {', 'return this.#partial.length;'],
      'iopt.ts': ['get areas(): readonly Area[] {', 'return this.#areas;'],
      'memory.ts': [
        'const index = this.#mappings.indexOf(mapping);',
        'if (index >= 0) this.#mappings.splice(index, 1);',
      ],
      'mock-device.ts': ['get partials(): number {', 'return this.#faults.partials;'],
      'objects.ts': ['*[Symbol.iterator](): IterableIterator<IommufdObject> {', 'yield* this.#objects.values();'],
      'sim.ts': ['closeAll(): void {', 'this.#fds.closeAll();'],
    },
  },
  {
    why: 'ioctls that iopftop does not use: sim refuses them all',
    lines: {
      'ioctls.ts': [
        'const min = unplayed.get(request);',
        'if (min === undefined) return -Errno.ENOTTY;',
        'return size < min ? -Errno.EINVAL : -Errno.EOPNOTSUPP;',
      ],
    },
  },
  {
    why: "the old form of the selftest's MOCK_DOMAIN, which the contract tests run on both kernels; reserved regions of a device, which a mock has not",
    lines: {
      'selftest.ts': ['case TestOp.MOCK_DOMAIN:'],
      'iopt.ts': ['const rc = this.reserve(start, last, owner);', 'if (rc === 0) continue;', 'this.unreserve(owner);'],
    },
  },
  {
    why: 'limits that a run as root on mock devices does not come to: locked memory, a full address space, IOMMU groups of several',
    lines: {
      'iopt.ts': ['return rc;', 'return -Errno.ENOSPC;'],
      'device.ts': ['if (object instanceof IommufdDevice && object.dev.driver.group === group) return object.#igroup;'],
    },
  },
  {
    why: 'a queue of more than 4,096 groups that is read in part: test/kernel has its test',
    lines: { 'fault-queue.ts': ['this.#deliver = this.#deliver.slice(this.#head);', 'this.#head = 0;'] },
  },
];

/** Whether a line of that file, without the space around it, is among them. */
export const isListed = (file: string, text: string): boolean =>
  NOT_REACHED.some(({ lines }) =>
    Object.entries(lines).some(
      ([name, texts]) =>
        (name === file || (name.endsWith('/') && file.startsWith(name))) && (texts === 'all' || texts.includes(text)),
    ),
  );
