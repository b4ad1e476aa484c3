// What binfmt_misc starts besides the kernel's own formats: programs of other machines (qemu-user), .jar, .exe
// (fs/binfmt_misc.c: check_file, bm_entry_read).
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { extname, join } from 'node:path';
import { FIRST_PID_NAMESPACE } from '../../process/namespace.ts';

const ROOT = '/proc/sys/fs/binfmt_misc';

function matches(entry: string, head: Buffer, path: string): boolean {
  const field = (name: string): string | undefined => new RegExp(`^${name} (.*)$`, 'm').exec(entry)?.[1];
  if (!entry.startsWith('enabled')) return false;
  const extension = field('extension');
  if (extension !== undefined) return extname(path) === extension;
  const magic = Buffer.from(field('magic') ?? '', 'hex');
  const mask = Buffer.from(field('mask') ?? '', 'hex');
  const offset = Number(field('offset') ?? 0);
  return magic.length > 0 && magic.every((byte, i) => (((head[offset + i] ?? 0) ^ byte) & (mask[i] ?? 0xff)) === 0);
}

/** Nothing is mounted there for us; the host of a container may have its own. */
function isMountedElsewhere(): boolean {
  if (readlinkSync('/proc/self/ns/pid') !== FIRST_PID_NAMESPACE) return true;
  return readFileSync('/proc/1/mountinfo', 'utf8').includes(' - binfmt_misc ');
}

/** Whether binfmt_misc may start the file: also true if its table exists but cannot be seen (a container). */
export function mayBeRegistered(path: string, head: Buffer, root = ROOT): boolean {
  if (!existsSync(root)) return false;
  try {
    const names = readdirSync(root);
    if (!names.includes('status')) return isMountedElsewhere();
    if (!readFileSync(join(root, 'status'), 'utf8').startsWith('enabled')) return false;
    return names
      .filter((name) => name !== 'status' && name !== 'register')
      .some((name) => matches(readFileSync(join(root, name), 'utf8'), head, path));
  } catch {
    return true;
  }
}
