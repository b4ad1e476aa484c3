// What is mounted where, as this process sees it (proc_pid_mountinfo(5)).
import type { Reading } from './reading.ts';

export interface Mount {
  readonly point: string;
  readonly type: string;
}

/** Spaces, tabs, newlines and backslashes are written in octal there (mangle()). */
const plain = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** What a path is on; null: that cannot be read. */
function mountOf(reading: Reading, path: string): Mount | null {
  const lines = (reading.text('/proc/self/mountinfo', 'what is mounted') ?? '').split('\n');
  let found: Mount | null = null;
  for (const line of lines) {
    const [fields = '', rest] = line.split(' - ');
    const point = plain(fields.split(' ')[4] ?? '');
    const type = rest?.split(' ')[0];
    if (type === undefined || !(point === '/' || path === point || path.startsWith(`${point}/`))) continue;
    // The last mount at a point is on top.
    if (found === null || point.length >= found.point.length) found = { point, type };
  }
  return found;
}

/**
 * Why a device node that the kernel creates would not appear in a directory: it creates nodes only in devtmpfs (devtmpfsd),
 * and a container has the nodes that it was given. null: it would, or that is unknown.
 */
export function devtmpfsRefusal(reading: Reading, directory: string): string | null {
  const mount = mountOf(reading, directory);
  if (mount === null || mount.type === 'devtmpfs') return null;
  return `the kernel creates nodes in devtmpfs, but ${directory} is on ${mount.type} (${mount.point})`;
}
