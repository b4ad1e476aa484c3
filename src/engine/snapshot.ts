// What a front end is shown: every number of the screen and of the JSON comes from here.
import { RECORD_BYTES } from '../iommufd/fault-queue.ts';
import type {
  AttachmentRow,
  DeviceRow,
  Handler,
  Hex,
  HwptRow,
  PendingRow,
  QueueRow,
  Snapshot,
  StreamWindow,
  WindowRequest,
} from '../protocol/messages.ts';
import type { Attachment } from '../targets/target.ts';
import { iommuHwptPgfault } from '../uapi/iommufd.ts';
import { attachmentOf } from './attachments.ts';
import { hungNs } from './hung.ts';
import { isMapped, ruleAhead } from './outlook.ts';
import type { PendingGroup } from './pending.ts';
import type { EngineState } from './state.ts';

export { attachmentOf };

const PERMS = ['read', 'write', 'exec', 'priv'] as const;

/** PgfaultPerm bits as names. */
export const permNames = (perm: number): string[] => PERMS.filter((_, bit) => (perm & (1 << bit)) !== 0);

export const hex = (address: bigint): Hex => `0x${address.toString(16)}`;

interface Waiting {
  pending: number;
  oldestNs: number | null;
}

const NONE: Waiting = { pending: 0, oldestNs: null };

/** Whose groups wait: by device, by device and PASID, by queue. */
function waiting(state: EngineState, nowNs: number): Map<string, Waiting> {
  const by = new Map<string, Waiting>();
  const count = (key: string, ageNs: number) => {
    const known = by.get(key);
    if (known) known.pending++;
    // The groups come oldest first.
    else by.set(key, { pending: 1, oldestNs: ageNs });
  };
  for (const group of state.pending.values()) {
    const ageNs = nowNs - group.arrivedNs;
    count(`d${group.devId}`, ageNs);
    count(attachmentKey(state, group), ageNs);
    count(`q${group.queue}`, ageNs);
  }
  return by;
}

function attachmentKey(state: EngineState, group: PendingGroup): string {
  return `a${group.devId}/${attachmentOf(state, group.devId, group.pasid)?.pasid ?? ''}`;
}

function attachmentRow(
  state: EngineState,
  { devId, pasid, hwpt }: Attachment,
  by: Map<string, Waiting>,
  nowNs: number,
): AttachmentRow {
  const handler: Handler = hwpt.faultId === null ? 'nobody' : 'us';
  const meter = state.sources.attachment(devId, pasid);
  return {
    devId,
    pasid,
    hwptId: hwpt.id,
    hwptKind: hwpt.kind,
    ioasId: hwpt.ioasId,
    faultId: hwpt.faultId,
    handler,
    rate: meter.rate.perSecond(nowNs),
    faults: meter.faults,
    ...(by.get(`a${devId}/${pasid ?? ''}`) ?? NONE),
  };
}

function deviceRows(state: EngineState, by: Map<string, Waiting>, nowNs: number): DeviceRow[] {
  return state.target.devices.map(({ devId, name, pasidCapable }) => {
    const meter = state.sources.device(devId);
    const attachments = state.target.attachments.filter((a) => a.devId === devId);
    return {
      devId,
      name,
      pasidCapable,
      attachments: attachments.map((a) => attachmentRow(state, a, by, nowNs)),
      ...(by.get(`d${devId}`) ?? NONE),
      rate: meter.rate.perSecond(nowNs),
      faults: meter.faults,
      quietNs: meter.lastNs === null ? null : nowNs - meter.lastNs,
      hungNs: hungNs(state, devId, nowNs),
      note: state.target.note(devId),
    };
  });
}

function queueRows(state: EngineState, by: Map<string, Waiting>): QueueRow[] {
  return state.target.queues.map((fault, queue) => ({
    queue,
    faultId: fault.id,
    fd: fault.fd,
    readable: fault.readable(),
    pending: by.get(`q${queue}`)?.pending ?? 0,
    faults: state.queueFaults[queue] ?? 0,
  }));
}

/** Ours, and those that the kernel made for an attachment to an IOAS. */
function hwptRows(state: EngineState): HwptRow[] {
  const { attachments, hwpts } = state.target;
  const auto = attachments.filter((a) => a.hwpt.kind === 'auto').map((a) => a.hwpt);
  const all = new Map([...hwpts, ...auto].map((h) => [h.id, h]));
  return [...all.values()].map(({ id, kind, ioasId, faultId }) => ({
    hwptId: id,
    kind,
    ioasId,
    faultId,
    users: attachments.filter((a) => a.hwpt.id === id).length,
  }));
}

export function pendingRow(state: EngineState, group: PendingGroup, nowNs: number): PendingRow {
  const records = state.records(group);
  let perm = 0;
  for (let at = 0; at < records.byteLength; at += RECORD_BYTES) perm |= iommuHwptPgfault.decode(records, at).perm;
  return {
    group: group.group,
    queue: group.queue,
    cookie: group.cookie,
    devId: group.devId,
    device: state.deviceName(group.devId),
    pasid: group.pasid < 0 ? null : group.pasid,
    grpid: group.grpid,
    faults: group.faults,
    first: hex(iommuHwptPgfault.decode(records).addr),
    last: hex(iommuHwptPgfault.decode(records, records.byteLength - RECORD_BYTES).addr),
    perm: permNames(perm),
    ageNs: nowNs - group.arrivedNs,
    repeats: group.repeats,
    mapped: isMapped(state, group),
    rule: ruleAhead(group, nowNs),
  };
}

function pendingRows(state: EngineState, first: number, rows: number, nowNs: number): PendingRow[] {
  const out: PendingRow[] = [];
  let index = 0;
  for (const group of state.pending.values()) {
    if (index >= first + rows) break;
    if (index++ >= first) out.push(pendingRow(state, group, nowNs));
  }
  return out;
}

/** The state of everything, with `rows` pending groups from `first` in order of age. */
export function snapshot(state: EngineState, first: number, rows: number, dropped: number): Snapshot {
  const nowNs = state.nowNs();
  const by = waiting(state, nowNs);
  const { path, entries, error } = state.journal;
  return {
    type: 'snapshot',
    t: state.t(nowNs),
    devices: deviceRows(state, by, nowNs),
    queues: queueRows(state, by),
    hwpts: hwptRows(state),
    pending: pendingRows(state, first, rows, nowNs),
    pendingFirst: first,
    counters: state.counters(dropped),
    latency: state.latency.read(),
    rate: state.rate.perSecond(nowNs),
    rules: state.rules.map(({ name, when, then, afterMs, enabled, hits }) => ({
      name,
      ...(when === undefined ? {} : { when }),
      then,
      ...(afterMs === undefined ? {} : { afterMs }),
      enabled,
      hits,
    })),
    alarms: [],
    journal: { path, entries, error },
  };
}

/** The rows of the stream that the window asks for. */
export function streamWindow(
  state: EngineState,
  { streamRows, streamEnd, streamAhead = 0 }: WindowRequest,
): StreamWindow {
  const { history } = state;
  const last = Math.min(streamEnd === null ? history.newest : streamEnd + streamAhead, history.newest);
  const end = Math.max(last, Math.min(history.oldest + streamRows - 1, history.newest));
  const { first, ...copy } = history.copy(Math.max(1, end - streamRows + 1), end);
  return {
    ...copy,
    seqs: Float64Array.from(copy.arrived, (_, i) => first + i),
    older: first === 0 ? 0 : first - history.oldest,
    newer: first === 0 ? 0 : history.newest - (first + copy.arrived.length - 1),
    arrived: copy.arrived.map((ns) => ns / 1e9),
    oldest: history.oldest,
    newest: history.newest,
  };
}
