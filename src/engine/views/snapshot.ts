// What a front end is shown: every number of the screen and of the JSON comes from here.

import type {
  AttachmentRow,
  DeviceRow,
  HwptRow,
  PendingRow,
  QueueRow,
  Snapshot,
  StreamWindow,
  WindowRequest,
} from '../../protocol/messages.ts';
import type { Attachment, SvaBond } from '../../sources/source.ts';
import { hex } from '../../text/hex.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import { permWords } from '../../uapi/perm.ts';
import { isMapped } from '../answers/map.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { addrAt, permsOf, RECORD_WORDS } from '../ledger/records.ts';
import type { Waiting } from '../ledger/waiting.ts';
import type { EngineState } from '../state.ts';

function attachmentRow(state: EngineState, attachment: Attachment, waiting: Waiting, nowNs: number): AttachmentRow {
  const { devId, pasid, hwpt } = attachment;
  const meter = state.ledger.requesters.attachment(devId, pasid);
  return {
    devId,
    pasid,
    hwptId: hwpt.id,
    hwptKind: hwpt.kind,
    ioasId: hwpt.ioasId,
    faultId: hwpt.faultId,
    handler: hwpt.faultId === null ? 'nobody' : 'us',
    rate: meter.rate.perSecond(nowNs),
    faults: meter.faults,
    ...waiting.attachment(attachment, nowNs),
  };
}

/** Its faults never arrive here: nothing is known about them. */
const bondRow = ({ devId, pasid }: SvaBond): AttachmentRow => ({
  devId,
  pasid,
  hwptId: null,
  hwptKind: null,
  ioasId: null,
  faultId: null,
  handler: 'kernel',
  rate: 0,
  faults: 0,
  pending: 0,
  oldestNs: null,
});

function deviceRows(state: EngineState, waiting: Waiting, nowNs: number): DeviceRow[] {
  const { devices, bonds = [] } = state.source;
  const shared = (group: number) => devices.filter((device) => device.group === group).length > 1;
  return devices.map(({ devId, name, pasidCapable, group = null }) => {
    const meter = state.ledger.requesters.device(devId);
    const attachments = state.source.attachments.filter((a) => a.devId === devId);
    return {
      devId,
      name,
      pasidCapable,
      ...(group !== null && shared(group) ? { group } : {}),
      attachments: [
        ...attachments.map((a) => attachmentRow(state, a, waiting, nowNs)),
        ...bonds.filter((bond) => bond.devId === devId).map(bondRow),
      ],
      ...waiting.device(devId, nowNs),
      rate: meter.rate.perSecond(nowNs),
      faults: meter.faults,
      quietNs: meter.lastNs === null ? null : nowNs - meter.lastNs,
      hungNs: state.hungNs(devId, nowNs),
      note: state.source.note?.(devId) ?? null,
    };
  });
}

function queueRows(state: EngineState, waiting: Waiting): QueueRow[] {
  return state.source.queues.map((fault, queue) => ({
    queue,
    faultId: fault.id,
    fd: fault.fd,
    readable: fault.readable(),
    pending: waiting.queue(queue),
    faults: state.ledger.queueFaults[queue] ?? 0,
    closed: fault.closed,
  }));
}

/** Ours, and those that the kernel made for an attachment to an IOAS. */
function hwptRows(state: EngineState): HwptRow[] {
  const { attachments, hwpts } = state.source;
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

/** The rule that holds for the group, and when it is due; at or below 0: now. A broken rule holds the group, and says why. */
function ruleAhead({ rule, broken, arrivedNs }: PendingGroup, nowNs: number): PendingRow['rule'] {
  if (broken) return { name: broken.rule.name, then: 'hold', dueNs: arrivedNs - nowNs, error: broken.error };
  return rule && { name: rule.name, then: rule.then, dueNs: arrivedNs + rule.afterNs - nowNs };
}

export function pendingRow(state: EngineState, group: PendingGroup, nowNs: number): PendingRow {
  const records = state.ledger.records(group);
  const { words, from, end } = records;
  return {
    group: group.group,
    queue: group.queue,
    cookie: group.cookie,
    devId: group.devId,
    device: state.deviceName(group.devId),
    pasid: pasidOrNull(group.pasid),
    grpid: group.grpid,
    faults: group.faults,
    first: hex(addrAt(words, from * RECORD_WORDS)),
    last: hex(addrAt(words, (end - 1) * RECORD_WORDS)),
    perm: permWords(permsOf(records)),
    ageNs: nowNs - group.arrivedNs,
    repeats: group.repeats,
    mapped: isMapped(state, group),
    rule: ruleAhead(group, nowNs),
  };
}

function pendingRows(state: EngineState, first: number, rows: number, nowNs: number): PendingRow[] {
  const out: PendingRow[] = [];
  let index = 0;
  for (const group of state.ledger.pending.values()) {
    if (index >= first + rows) break;
    if (index++ >= first) out.push(pendingRow(state, group, nowNs));
  }
  return out;
}

/** The state of everything, with `rows` pending groups from `first` in order of age. */
export function snapshot(state: EngineState, first: number, rows: number, dropped: number): Snapshot {
  const nowNs = state.nowNs();
  const { waiting } = state.ledger.pending;
  const { path, entries, error } = state.journal;
  return {
    type: 'snapshot',
    t: state.t(nowNs),
    devices: deviceRows(state, waiting, nowNs),
    queues: queueRows(state, waiting),
    hwpts: hwptRows(state),
    pending: pendingRows(state, first, rows, nowNs),
    pendingFirst: first,
    counters: state.ledger.counters(dropped),
    latency: state.ledger.latency.read(),
    rate: state.ledger.rate.perSecond(nowNs),
    rules: state.rules.map(({ name, when, then, afterMs, enabled, hits, broken, everything }) => ({
      name,
      ...(when === undefined ? {} : { when }),
      then,
      ...(afterMs === undefined ? {} : { afterMs }),
      enabled,
      hits,
      ...(broken === null ? {} : { broken }),
      ...(everything ? { everything } : {}),
    })),
    alarms: [],
    owner: state.source.owner?.report(state.source.kernel.now()) ?? null,
    journal: { path, entries, error },
  };
}

/** The rows of the stream that the window requests. */
export function streamWindow(
  state: EngineState,
  { streamRows, streamEnd, streamAhead = 0 }: WindowRequest,
): StreamWindow {
  const { history } = state.ledger;
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
