// The part of an ELF file that decides whether the kernel starts it here (fs/binfmt_elf.c: load_elf_binary).
import { closeSync, openSync, readSync } from 'node:fs';

/** e_machine by process.arch: the first is this machine's own; the others often run on it too (CONFIG_COMPAT). */
const MACHINES: Partial<Record<NodeJS.Architecture, readonly number[]>> = {
  x64: [62, 3],
  arm64: [183, 40],
  riscv64: [243],
  loong64: [258],
  ppc64: [21, 20],
  s390x: [22],
};
const NAMES: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 's390',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
  258: 'LoongArch',
};
const [ET_EXEC, ET_DYN, PT_INTERP, PATH_MAX, EHDR, MOST_HEADERS] = [2, 3, 3, 4_096, 64, 1_170];

const nameOf = (machine: number): string => NAMES[machine] ?? `machine ${machine}`;

function bytesAt(fd: number, at: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  return bytes.subarray(0, Number.isSafeInteger(at) && at >= 0 ? readSync(fd, bytes, 0, count, at) : 0);
}

export type Elf = { readonly interpreter: string | null } | { readonly wrong: string };

/**
 * A file that begins with "\x7fELF". `wrong`: why the kernel returns ENOEXEC for it; `interpreter`: PT_INTERP. Throws where
 * it cannot be read.
 */
export function readElf(path: string, arch: NodeJS.Architecture = process.arch): Elf {
  const fd = openSync(path, 'r');
  try {
    return elfOf(fd, arch);
  } finally {
    closeSync(fd);
  }
}

function elfOf(fd: number, arch: NodeJS.Architecture): Elf {
  const header = bytesAt(fd, 0, EHDR);
  if (header.length < EHDR) return { wrong: 'it is truncated' };
  const wide = header[4] === 2;
  const little = header[5] === 1;
  const u16 = (bytes: Buffer, at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const word = (bytes: Buffer, narrowAt: number, wideAt: number): number => {
    if (!wide) return little ? bytes.readUInt32LE(narrowAt) : bytes.readUInt32BE(narrowAt);
    return Number(little ? bytes.readBigUInt64LE(wideAt) : bytes.readBigUInt64BE(wideAt));
  };
  const [type, machine] = [u16(header, 16), u16(header, 18)];
  const ours = MACHINES[arch];
  if (ours && !ours.includes(machine)) {
    return { wrong: `it is a program for ${nameOf(machine)}, but this machine is ${nameOf(ours[0]!)}` };
  }
  if (type !== ET_EXEC && type !== ET_DYN) return { wrong: 'it is an object or core file, not a program' };
  const [size, count, from] = [u16(header, wide ? 54 : 42), u16(header, wide ? 56 : 44), word(header, 28, 32)];
  if (size !== (wide ? 56 : 32) || count < 1 || count > MOST_HEADERS)
    return { wrong: 'its program headers are invalid' };
  const table = bytesAt(fd, from, size * count);
  if (table.length < size * count) return { wrong: 'it is truncated' };
  for (let i = 0; i < count; i++) {
    const row = table.subarray(i * size, (i + 1) * size);
    if ((little ? row.readUInt32LE(0) : row.readUInt32BE(0)) !== PT_INTERP) continue;
    const [at, length] = [word(row, 4, 8), word(row, 16, 32)];
    if (length < 2 || length > PATH_MAX) return { wrong: 'its interpreter (PT_INTERP) is invalid' };
    const name = bytesAt(fd, at, length);
    if (name.length < length || name[length - 1] !== 0) return { wrong: 'its interpreter (PT_INTERP) is invalid' };
    return { interpreter: name.subarray(0, name.indexOf(0)).toString() };
  }
  return { interpreter: null };
}
