// Memory that ends where the kernel cannot go on: what is copied beyond it fails with EFAULT.
import koffi from 'koffi';
import type { Kernel } from '../../src/kernel/kernel.ts';

const PAGE = 4096;
const PROT_NONE = 0;

/** A function that gives the last `room` (at most a page) bytes before the end. */
export function guard(kernel: Kernel): (room: number) => Uint8Array {
  if (kernel.name === 'sim') {
    // There a call may go as far as the array does.
    const page = new Uint8Array(PAGE);
    return (room) => page.subarray(PAGE - room);
  }
  const memory = kernel.memory(2 * PAGE);
  const mprotect = koffi.load('libc.so.6').func('int mprotect(uintptr_t addr, size_t length, int prot)');
  if (mprotect(memory.address + BigInt(PAGE), PAGE, PROT_NONE) !== 0) throw new Error('mprotect failed');
  return (room) => memory.bytes.subarray(PAGE - room, PAGE);
}
