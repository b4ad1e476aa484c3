// The variables of filter and rule expressions. Data only, so that help, docs and the engine agree.
import type { FilteredList } from './terms.ts';

export interface FilterVariable {
  readonly name: string;
  readonly type: 'int' | 'string' | 'bool';
  readonly meaning: string;
}

/** Of a group: rules, `respond … when`, and the filters of pending groups and of the stream. */
export const GROUP_VARIABLES = [
  { name: 'device', type: 'string', meaning: 'name of the device' },
  { name: 'devId', type: 'int', meaning: 'id of the iommufd device object' },
  { name: 'pasid', type: 'int', meaning: 'PASID, -1 without one' },
  { name: 'grpid', type: 'int', meaning: 'Page Request Group Index of the device' },
  { name: 'faults', type: 'int', meaning: 'records of the group' },
  { name: 'addr', type: 'int', meaning: 'address of its first record' },
  { name: 'last', type: 'int', meaning: 'address of its last record' },
  { name: 'read', type: 'bool', meaning: 'a record asks for READ' },
  { name: 'write', type: 'bool', meaning: 'a record asks for WRITE' },
  { name: 'exec', type: 'bool', meaning: 'a record asks for EXEC' },
  { name: 'priv', type: 'bool', meaning: 'a record asks for PRIV' },
  {
    name: 'repeats',
    type: 'int',
    meaning: 'how often the same device, PASID and page faulted before (stream: among the records held)',
  },
  { name: 'queue', type: 'int', meaning: 'index of the fault queue' },
  { name: 'group', type: 'int', meaning: 'number of the group since the start' },
  { name: 'cookie', type: 'int', meaning: "the kernel's name for the group while it is outstanding" },
] as const satisfies readonly FilterVariable[];

const STATE = { name: 'state', type: 'string', meaning: 'pending, success, invalid or auto' } as const;
const AGE = { name: 'age', type: 'int', meaning: 'time since read(), in milliseconds' } as const;

/** Of a device (`pasid` -1) or of the attachment of one of its PASIDs. */
const DEVICE_VARIABLES = [
  { name: 'device', type: 'string', meaning: 'name of the device' },
  { name: 'devId', type: 'int', meaning: 'id of the iommufd device object' },
  { name: 'pasid', type: 'int', meaning: 'PASID of an attachment, -1: the device itself' },
  { name: 'pasids', type: 'int', meaning: 'how many PASIDs of the device are attached' },
  { name: 'hwpt', type: 'int', meaning: 'id of the HWPT attached, -1 without one' },
  { name: 'kind', type: 'string', meaning: 'paging, nested or auto; empty without a HWPT' },
  { name: 'ioas', type: 'int', meaning: 'id of the IOAS, -1 without one' },
  { name: 'queue', type: 'int', meaning: 'id of the fault object, -1 without one' },
  {
    name: 'handler',
    type: 'string',
    meaning: 'who handles its faults: us, kernel (an SVA bond: known only for the mock) or nobody',
  },
  { name: 'pending', type: 'int', meaning: 'pending groups' },
  { name: 'oldest', type: 'int', meaning: 'age of the oldest pending group in milliseconds, -1 without one' },
  { name: 'rate', type: 'int', meaning: 'faults per second, over the last second' },
  { name: 'faults', type: 'int', meaning: 'faults since the start' },
  { name: 'hung', type: 'bool', meaning: 'the device has stopped because a fault has no answer' },
] as const satisfies readonly FilterVariable[];

const JOURNAL_VARIABLES = [
  { name: 'action', type: 'string', meaning: 'answer, attached, replaced, detached, refused …' },
  { name: 'cause', type: 'string', meaning: 'key, rule, script, scenario, exit or start; empty without one' },
  {
    name: 'change',
    type: 'string',
    meaning: 'policy: armed, on, off, moved, changed, deleted …; alarm: raised or cleared',
  },
  { name: 'rule', type: 'string', meaning: 'name of the rule; empty without one' },
  { name: 'code', type: 'string', meaning: 'success or invalid; empty where nothing was answered' },
  { name: 'device', type: 'string', meaning: 'name of the device; empty without one' },
  { name: 'devId', type: 'int', meaning: 'id of the iommufd device object, -1 without one' },
  { name: 'pasid', type: 'int', meaning: 'PASID, -1 without one' },
  { name: 'result', type: 'string', meaning: 'ok, gone, or why it was refused; empty without one' },
  { name: 'count', type: 'int', meaning: 'how many groups or rules are concerned' },
] as const satisfies readonly FilterVariable[];

/** By list: the variables that its filter can use. */
export const FILTER_VARIABLES = {
  devices: DEVICE_VARIABLES,
  pending: [...GROUP_VARIABLES, STATE, AGE],
  stream: [...GROUP_VARIABLES, STATE],
  journal: JOURNAL_VARIABLES,
} as const satisfies Record<FilteredList, readonly FilterVariable[]>;

type TypeOf<T> = T extends 'int' ? bigint : T extends 'bool' ? boolean : string;

/** The values that an expression over these variables is given: CEL's int is a bigint. */
export type FactsOf<V extends readonly FilterVariable[]> = {
  readonly [K in V[number]['name']]: TypeOf<Extract<V[number], { name: K }>['type']>;
};
