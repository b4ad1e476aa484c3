import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { abandonedLines } from '../../src/cli/abandoned.ts';
import { LinuxFiles } from '../../src/kernel/linux/files.ts';
import { bootId } from '../../src/process/identity.ts';
import { encodeRecord } from '../../src/sources/undo/undo-record.ts';

let base: string;
let directory: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'iopftop-undo-'));
  directory = join(base, 'iopftop');
  mkdirSync(directory, { mode: 0o700 });
});
afterEach(() => rmSync(base, { recursive: true }));

const place = () => ({ directory, uid: process.getuid!() });
const write = (text: string) => writeFileSync(join(directory, '1-1.json'), text, { mode: 0o600 });

/** Of a process that cannot be there: numbers end at 2^22. */
const writer = () => ({ pid: 2 ** 30, startTime: 1, bootId: bootId(new LinuxFiles()) });

describe('what devices and doctor say of an iopftop that died', () => {
  it('what it has left, and that the next start undoes it', async () => {
    const driver = { kind: 'driver', address: '0000:17:00.0', driver: 'idxd', override: null } as const;
    write(encodeRecord({ writer: writer(), entries: [driver, { kind: 'stopped', pid: 99, startTime: 3 }] }));
    expect(await abandonedLines({}, place())).toEqual([
      `0000:17:00.0 may still be with vfio-pci: its driver was idxd; left behind by an iopftop that died (PID ${2 ** 30}): the next start with --device or --pid undoes it`,
      `process 99 may still be stopped; left behind by an iopftop that died (PID ${2 ** 30}): the next start with --device or --pid undoes it`,
    ]);
  });

  it('a file that is none, by its name', async () => {
    write('{');
    expect((await abandonedLines({}, place()))[0]).toMatch(/cannot use .*1-1\.json: it is torn/);
  });

  it('nothing where nothing is left, or the host is simulated', async () => {
    expect(await abandonedLines({}, place())).toEqual([]);
    write('{');
    expect(await abandonedLines({ backend: 'mock' }, place())).toEqual([]);
  });
});
