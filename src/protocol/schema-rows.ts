// Schemas of what the lines of the output are made of: rows, counters, alarms, statistics.
import { rule } from './schema-commands.ts';
import {
  bool,
  hex,
  int,
  list,
  number,
  object,
  oneOf,
  orNull,
  perm,
  ref,
  type Schema,
  text,
  verdict,
} from './schema-parts.ts';

/** What a group is known by. */
export const GROUP: Record<string, Schema> = {
  group: int,
  queue: int,
  cookie: int,
  devId: int,
  device: text,
  pasid: orNull(int),
  grpid: int,
  faults: int,
  first: hex,
  last: hex,
  perm,
};

export const ALARM: Record<string, Schema> = {
  kind: oneOf('hung', 'oldest', 'pending', 'refault', 'rate', 'dropped'),
  level: oneOf('warning', 'critical'),
  value: number,
  threshold: number,
  since: number,
  devId: orNull(int),
  pasid: orNull(int),
  text,
};

const HWPT_KIND = oneOf('paging', 'nested', 'auto');

export const ROWS: Record<string, Schema> = {
  rule,
  ruleRow: {
    ...rule,
    properties: { ...(rule.properties as Record<string, Schema>), hits: int },
    required: [...new Set([...(rule.required as string[]), 'name', 'enabled', 'hits'])],
  },
  counters: object({
    faults: int,
    groups: int,
    pending: int,
    success: int,
    invalid: int,
    auto: int,
    refused: int,
    repeated: int,
    evicted: int,
    dropped: int,
  }),
  latency: object({ count: int, p50Ns: number, p95Ns: number, p99Ns: number, maxNs: number }, 'From read() to answer.'),
  attachmentRow: object({
    devId: int,
    pasid: orNull(int),
    hwptId: int,
    hwptKind: HWPT_KIND,
    ioasId: int,
    faultId: orNull(int),
    handler: oneOf('us', 'kernel', 'nobody'),
    pending: int,
    oldestNs: orNull(number),
    rate: number,
    faults: int,
  }),
  deviceRow: object({
    devId: int,
    name: text,
    pasidCapable: bool,
    attachments: list(ref('attachmentRow')),
    pending: int,
    oldestNs: orNull(number),
    rate: number,
    faults: int,
    quietNs: orNull(number),
    hungNs: orNull(number),
    note: orNull(text),
  }),
  queueRow: object({ queue: int, faultId: int, fd: int, readable: bool, pending: int, faults: int }),
  hwptRow: object({ hwptId: int, kind: HWPT_KIND, ioasId: int, faultId: orNull(int), users: int }),
  pendingRow: object({
    ...GROUP,
    ageNs: number,
    repeats: int,
    mapped: orNull(bool),
    rule: orNull(object({ name: text, then: verdict, dueNs: { type: 'number' } })),
  }),
  alarm: object(ALARM),
  trend: object({ t: number, faults: list(int), answered: list(int), pending: list(int) }, 'One entry a second.'),
  statistics: object({
    latency: list(object({ toNs: number, count: int })),
    pages: list(object({ devId: int, device: text, pasid: orNull(int), page: hex, faults: int, repeats: int })),
    sources: list(
      object({
        devId: int,
        device: text,
        pasid: orNull(int),
        groups: int,
        faults: int,
        repeated: int,
        read: int,
        write: int,
        exec: int,
        priv: int,
      }),
    ),
    otherGroups: int,
    trend: ref('trend'),
  }),
};
