// Memory that ends where the kernel cannot go on: what is copied beyond it fails with EFAULT.
import koffi from 'koffi';
import type { Kernel, UserMemory } from '../../src/kernel/kernel.ts';

const PAGE = 4096;
const PROT_NONE = 0;

type Memory = Pick<UserMemory, 'address' | 'bytes'>;

/** A function that gives the last `room` (at most a page) bytes before the end. */
export function guard(kernel: Kernel): (room: number) => Memory {
  const { address, bytes } = kernel.memory(2 * PAGE);
  if (kernel.name !== 'sim') {
    const mprotect = koffi.load('libc.so.6').func('int mprotect(uintptr_t addr, size_t length, int prot)');
    if (mprotect(address + BigInt(PAGE), PAGE, PROT_NONE) !== 0) throw new Error('mprotect failed');
    return (room) => ({ address: address + BigInt(PAGE - room), bytes: bytes.subarray(PAGE - room, PAGE) });
  }
  // There a call may go as far as the array does, and an address as far as the second page.
  return (room) => ({
    address: address + BigInt(2 * PAGE - room),
    bytes: bytes.subarray(2 * PAGE - room, 2 * PAGE),
  });
}
