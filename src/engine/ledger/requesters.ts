// Who raises faults: by device, by device and PASID, by attachment. A run of groups of one requester is counted at once.
import type { Attachment } from '../../sources/source.ts';
import { Rate, type RateData } from './rate.ts';

/** Device and PASID pairs that are counted separately; a PASID has 20 bits. */
const MAX_REQUESTERS = 4_096;
const CACHE = 64;

/** Stands for the PASIDs of a device that are not counted separately. */
export const OTHER_PASIDS = -2;

export interface FaultMeterData {
  faults: number;
  lastNs: number | null;
  rate: RateData;
}

/** Faults of a device, or through an attachment. */
export class FaultMeter {
  faults = 0;
  /** When the newest was read, session time; null before the first. */
  lastNs: number | null = null;
  readonly rate = new Rate();

  add(faults: number, nowNs: number): void {
    this.faults += faults;
    this.lastNs = nowNs;
    this.rate.add(faults, nowNs);
  }

  snapshot(): FaultMeterData {
    return { faults: this.faults, lastNs: this.lastNs, rate: this.rate.snapshot() };
  }

  restore({ faults, lastNs, rate }: FaultMeterData): void {
    this.faults = faults;
    this.lastNs = lastNs;
    this.rate.restore(rate);
  }
}

export class Requester {
  readonly devId: number;
  /** -1: none. */
  readonly pasid: number;
  readonly #device: FaultMeter;
  /** The attachment of its faults, undefined while the device has none; and its meter. */
  through: Attachment | undefined;
  attachment: FaultMeter | null = null;
  groups = 0;
  faults = 0;
  repeated = 0;
  /** Faults by PgfaultPerm bits, 0 to 15. */
  readonly byPerm = new Float64Array(16);

  constructor(devId: number, pasid: number, device: FaultMeter) {
    this.devId = devId;
    this.pasid = pasid;
    this.#device = device;
  }

  add(groups: number, faults: number, repeated: number, nowNs: number): void {
    this.groups += groups;
    this.faults += faults;
    this.repeated += repeated;
    this.#device.add(faults, nowNs);
    this.attachment?.add(faults, nowNs);
  }

  /** Faults with the permission of this bit. */
  withPerm(bit: number): number {
    return this.byPerm.reduce((sum, faults, perm) => (perm & bit ? sum + faults : sum), 0);
  }
}

/**
 * find_fault_handler: a PASID that is not attached itself goes through the nested HWPT of the device. `pasid` -1: none. For
 * another process's device undefined: it may have attached the PASID without our knowledge.
 */
function attachmentOf(
  attachments: readonly Attachment[],
  ofOthers: boolean,
  devId: number,
  pasid: number,
): Attachment | undefined {
  let own: Attachment | undefined;
  for (const attachment of attachments) {
    if (attachment.devId !== devId) continue;
    if (attachment.pasid === pasid) return attachment;
    if (attachment.pasid === null) own = attachment;
  }
  return ofOthers && pasid >= 0 ? undefined : own;
}

const attachmentKey = (devId: number, pasid: number | null): string => `${devId}/${pasid ?? ''}`;

type RequesterData = Pick<Requester, 'devId' | 'pasid' | 'groups' | 'faults' | 'repeated' | 'byPerm'>;

export interface RequestersData {
  found: number[];
  attached: Attachment[];
  devices: Map<number, FaultMeterData>;
  attachments: Map<string, FaultMeterData>;
  requesters: RequesterData[];
}

const dataOf = <K>(meters: ReadonlyMap<K, FaultMeter>): Map<K, FaultMeterData> =>
  new Map(Array.from(meters, ([key, meter]) => [key, meter.snapshot()]));

export class Requesters {
  readonly #ofOthers: boolean;
  #attached: readonly Attachment[] = [];
  readonly #devices = new Map<number, FaultMeter>();
  readonly #attachments = new Map<string, FaultMeter>();
  readonly #requesters = new Map<string, Requester>();
  /** By a hash of device and PASID: the loops over records look a requester up for every change of it. */
  readonly #cache: (Requester | undefined)[] = new Array(CACHE).fill(undefined);
  /** Devices that faulted for the first time since the last call. */
  #found: number[] = [];

  /** `ofOthers`: their owners may attach PASIDs without our knowledge. */
  constructor(ofOthers: boolean) {
    this.#ofOthers = ofOthers;
  }

  /** The devices that faulted for the first time since the last call. */
  takeFound(): readonly number[] {
    const found = this.#found;
    if (found.length > 0) this.#found = [];
    return found;
  }

  /** `pasid` -1: none. */
  of(devId: number, pasid: number): Requester {
    const slot = (devId ^ Math.imul(pasid + 1, 7)) & (CACHE - 1);
    const cached = this.#cache[slot];
    if (cached !== undefined && cached.devId === devId && cached.pasid === pasid) return cached;
    const requester = this.#find(devId, pasid);
    if (requester.pasid === pasid) this.#cache[slot] = requester;
    return requester;
  }

  #find(devId: number, pasid: number): Requester {
    const known = this.#requesters.get(`${devId}/${pasid}`);
    if (known) return known;
    const named = this.#requesters.size < MAX_REQUESTERS || pasid === OTHER_PASIDS || this.#isAttached(devId, pasid);
    if (!named) return this.#find(devId, OTHER_PASIDS);
    if (!this.#devices.has(devId)) this.#found.push(devId);
    const requester = new Requester(devId, pasid, this.device(devId));
    this.#connect(requester);
    this.#requesters.set(`${devId}/${pasid}`, requester);
    return requester;
  }

  #isAttached(devId: number, pasid: number): boolean {
    return this.#attached.some((a) => a.devId === devId && (a.pasid ?? -1) === pasid);
  }

  #connect(requester: Requester): void {
    const { devId, pasid } = requester;
    const through = attachmentOf(this.#attached, this.#ofOthers, devId, pasid);
    requester.through = through;
    requester.attachment = through ? this.attachment(devId, through.pasid) : null;
  }

  /** What is attached now. */
  get attached(): readonly Attachment[] {
    return this.#attached;
  }

  /** Attachments came or went: each requester's faults now go through its current attachment. */
  set attached(attached: readonly Attachment[]) {
    this.#attached = [...attached];
    const held = new Set(attached.map((a) => attachmentKey(a.devId, a.pasid)));
    for (const key of this.#attachments.keys()) if (!held.has(key)) this.#attachments.delete(key);
    for (const requester of this.#requesters.values()) this.#connect(requester);
  }

  attachment(devId: number, pasid: number | null): FaultMeter {
    const key = attachmentKey(devId, pasid);
    let meter = this.#attachments.get(key);
    if (!meter) {
      meter = new FaultMeter();
      this.#attachments.set(key, meter);
    }
    return meter;
  }

  device(devId: number): FaultMeter {
    let meter = this.#devices.get(devId);
    if (!meter) {
      meter = new FaultMeter();
      this.#devices.set(devId, meter);
    }
    return meter;
  }

  /** Those that are counted separately, and for each device the rest of its PASIDs as one. */
  values(): IterableIterator<Requester> {
    return this.#requesters.values();
  }

  /** `plain`: the attachment without foreign objects. */
  snapshot(plain: (attachment: Attachment) => Attachment): RequestersData {
    return {
      found: [...this.#found],
      attached: this.#attached.map(plain),
      devices: dataOf(this.#devices),
      attachments: dataOf(this.#attachments),
      requesters: Array.from(this.#requesters.values(), ({ devId, pasid, groups, faults, repeated, byPerm }) => ({
        devId,
        pasid,
        groups,
        faults,
        repeated,
        byPerm: byPerm.slice(),
      })),
    };
  }

  /** Into one that has none. */
  restore({ found, attached, devices, attachments, requesters }: RequestersData): void {
    for (const [devId, meter] of devices) this.device(devId).restore(meter);
    for (const { byPerm, ...counts } of requesters) {
      const { devId, pasid } = counts;
      const requester = Object.assign(new Requester(devId, pasid, this.device(devId)), counts);
      requester.byPerm.set(byPerm);
      this.#requesters.set(`${devId}/${pasid}`, requester);
    }
    for (const [key, data] of attachments) {
      const meter = new FaultMeter();
      meter.restore(data);
      this.#attachments.set(key, meter);
    }
    this.#attached = attached;
    for (const requester of this.#requesters.values()) this.#connect(requester);
    this.#found = found;
  }
}
