// A host as a real kernel laid it out, from a recording of its sysfs.
import { readFileSync } from 'node:fs';
import { SimFiles } from '../../src/kernel/sim/machine/files.ts';

interface Recording {
  readonly files: Readonly<Record<string, string>>;
  /** Configuration spaces: their length, and the lines of 16 bytes that are not all zeros, by offset. */
  readonly config: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly links: Readonly<Record<string, string>>;
  /** Permission bits, octal. */
  readonly characters: Readonly<Record<string, string>>;
}

function configSpace(lines: Readonly<Record<string, string | number>>): Uint8Array {
  const bytes = new Uint8Array(Number(lines.length));
  for (const [at, hex] of Object.entries(lines)) {
    if (typeof hex === 'string') bytes.set(Buffer.from(hex, 'hex'), Number(at));
  }
  return bytes;
}

/** `name`: a file in test/host/fixtures. */
export function recordedHost(name: string, uid = 0): SimFiles {
  const recording: Recording = JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'));
  const files = new SimFiles(uid);
  files.makeDirectories('/proc');
  for (const [path, text] of Object.entries(recording.files)) files.add(path, text);
  for (const [path, lines] of Object.entries(recording.config)) {
    const bytes = configSpace(lines);
    // pci_read_config(): the first 64 bytes to those without CAP_SYS_ADMIN.
    files.add(path, { read: () => (uid === 0 ? bytes : bytes.subarray(0, 64)), size: bytes.length, mode: 0o644 });
  }
  for (const [path, to] of Object.entries(recording.links)) files.addLink(path, to);
  for (const [path, mode] of Object.entries(recording.characters)) {
    files.add(path, { mode: Number.parseInt(mode, 8) }, 'character');
  }
  return files;
}
