// The configuration of the running kernel, from wherever it is kept.
import { gunzipSync } from 'node:zlib';
import type { Reading } from '../../host/reading.ts';

export interface KernelConfig {
  readonly path: string;
  /** `y`, `m`, a value; `n` where it is not set. `name` without CONFIG_. */
  get(name: string): string;
}

/** A configuration has 200 to 300 KiB; a much longer file is not one. */
const LONGEST = 8 << 20;
const GZIP = [0x1f, 0x8b];

function parse(path: string, text: string): KernelConfig | null {
  const values = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)) values.set(name!, value!);
  return values.size === 0 ? null : { path, get: (name) => values.get(name) ?? 'n' };
}

/** null: it is not gzip although it begins like it, is truncated, or expands too much. */
function unpacked(bytes: Uint8Array): Uint8Array | null {
  if (!GZIP.every((byte, i) => bytes[i] === byte)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: LONGEST });
  } catch {
    return null;
  }
}

const configPaths = (osrelease: string): string[] => [
  '/proc/config.gz',
  `/boot/config-${osrelease}`,
  `/lib/modules/${osrelease}/config`,
];

/** The first of `configPaths` that can be read and holds a configuration; null: none does. */
export function kernelConfig(reading: Reading, osrelease: string): KernelConfig | null {
  for (const path of configPaths(osrelease)) {
    const bytes = reading.bytes(path, 'the configuration of the kernel', LONGEST);
    const plain = bytes && unpacked(bytes);
    const config = plain && parse(path, new TextDecoder().decode(plain));
    if (config) return config;
  }
  return null;
}
