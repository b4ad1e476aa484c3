import type { PendingGroup } from '../../../src/engine/ledger/group.ts';
import type { GroupFacts } from '../../../src/engine/rules/rules.ts';
import type { EngineState } from '../../../src/engine/state.ts';
import { RECORD_BYTES } from '../../../src/iommufd/fault-queue.ts';
import { iommuHwptPgfault } from '../../../src/uapi/iommufd.ts';
import { PgfaultPerm } from '../../../src/uapi/perm.ts';

type Known = Pick<PendingGroup, 'group' | 'queue' | 'cookie' | 'devId' | 'pasid' | 'grpid' | 'repeats'>;

/** The facts of a group decoded from its raw records, record by record: what the engine's reader is judged by. */
export function factsOf(state: EngineState, group: Known, records: Uint8Array): GroupFacts {
  const decoded = Array.from({ length: records.byteLength / RECORD_BYTES }, (_, i) =>
    iommuHwptPgfault.decode(records, i * RECORD_BYTES),
  );
  const asks = (bit: number) => decoded.some(({ perm }) => (perm & bit) !== 0);
  return {
    device: state.deviceName(group.devId),
    devId: BigInt(group.devId),
    pasid: BigInt(group.pasid),
    grpid: BigInt(group.grpid),
    faults: BigInt(decoded.length),
    addr: decoded[0]?.addr ?? -1n,
    last: decoded.at(-1)?.addr ?? -1n,
    read: asks(PgfaultPerm.READ),
    write: asks(PgfaultPerm.WRITE),
    exec: asks(PgfaultPerm.EXEC),
    priv: asks(PgfaultPerm.PRIV),
    repeats: BigInt(group.repeats),
    queue: BigInt(group.queue),
    group: BigInt(group.group),
    cookie: BigInt(group.cookie),
  };
}
