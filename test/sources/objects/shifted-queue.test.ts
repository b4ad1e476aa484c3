import { expect, test } from 'vitest';
import { RECORD_BYTES } from '../../../src/iommufd/fault-queue.ts';
import type { Kernel } from '../../../src/kernel/kernel.ts';
import { CONTEXT_IDS, ShiftedQueue } from '../../../src/sources/objects/shifted-queue.ts';
import type { FaultId, Fd } from '../../../src/uapi/ids.ts';
import { iommuHwptPgfault } from '../../../src/uapi/iommufd.ts';

const record = (devId: number): Uint8Array =>
  iommuHwptPgfault.encode({ devId, pasid: 7, addr: 0x1000n, cookie: devId });

function queue(devIds: number[], shift: number): ShiftedQueue {
  const read = (_: number, bytes: Uint8Array): number => {
    devIds.forEach((devId, i) => void bytes.set(record(devId), i * RECORD_BYTES));
    return devIds.length * RECORD_BYTES;
  };
  return new ShiftedQueue({ read } as unknown as Kernel, 0 as FaultId, 5 as Fd, shift);
}

test('the device ids of every record are shifted, and nothing else', () => {
  const bytes = new Uint8Array(4 * RECORD_BYTES).fill(0xff);
  expect(queue([1, 2, 1], 2 * CONTEXT_IDS).read(bytes)).toBe(3 * RECORD_BYTES);
  const records = [0, 1, 2].map((i) => iommuHwptPgfault.decode(bytes, i * RECORD_BYTES));
  expect(records.map(({ devId }) => devId)).toEqual([2_000_001, 2_000_002, 2_000_001]);
  expect(records[1]).toEqual({ ...iommuHwptPgfault.decode(record(2)), devId: 2_000_002 });
  expect(bytes[3 * RECORD_BYTES]).toBe(0xff);
});

test('those of the first giver stay as they are', () => {
  const bytes = new Uint8Array(RECORD_BYTES);
  queue([9], 0).read(bytes);
  expect(bytes).toEqual(record(9));
});

test('a refusal goes on as it is', () => {
  const kernel = { read: () => -5 } as unknown as Kernel;
  expect(() => new ShiftedQueue(kernel, 0 as FaultId, 5 as Fd, CONTEXT_IDS).read(new Uint8Array(40))).toThrow('EIO');
});
