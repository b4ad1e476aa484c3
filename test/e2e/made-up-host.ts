// A /sys and a /run of the test's own, in a mount namespace: one device, whose unbind is a FIFO. While that is full, whoever writes
// into it waits in the kernel, as in an unbind whose driver waits for its users. It takes root.
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BIN } from '../helpers/bin.ts';

export const ADDRESS = '0000:17:01.0';
const PCI = 'sys/bus/pci';
const DEVICE = 'sys/devices/pci0000:17/0000:17:01.0';
/** Of a process that is no more: no number is that large (PID_MAX_LIMIT). */
const DEAD = 2 ** 30;

const SCRIPT = [
  'mount --make-rprivate /',
  'umount -l /sys',
  'mount --bind "$T/sys" /sys && mount --bind "$T/run" /run || exit 99',
  'exec "$@"',
].join('; ');

/** Why this test cannot be here; null: it can. */
export function whyNot(): string | null {
  if (process.geteuid?.() !== 0) return 'a /sys of its own takes root';
  const tried = spawnSync('unshare', ['-m', 'sh', '-c', 'mount --make-rprivate / && mount -t tmpfs none /sys']);
  return tried.status === 0
    ? null
    : `no mount namespace can be made (${tried.error?.message ?? `${tried.stderr}`.trim()})`;
}

export class MadeUpHost {
  readonly root = fs.mkdtempSync('/var/tmp/iopftop-host-');
  readonly #unbind = this.#at(`${PCI}/drivers/vfio-pci/unbind`);
  #fifo = -1;

  constructor() {
    onTestFinished(() => {
      if (this.#fifo >= 0) fs.closeSync(this.#fifo);
      fs.rmSync(this.root, { recursive: true });
    });
    for (const path of [DEVICE, `${PCI}/devices`, `${PCI}/drivers/vfio-pci`, `${PCI}/drivers/idxd`, 'run/iopftop'])
      fs.mkdirSync(this.#at(path), { recursive: true });
    fs.chmodSync(this.#at('run/iopftop'), 0o700);
    fs.symlinkSync('../../../devices/pci0000:17/0000:17:01.0', this.#at(`${PCI}/devices/${ADDRESS}`));
    fs.symlinkSync('../../../bus/pci/drivers/vfio-pci', this.#at(`${DEVICE}/driver`));
    fs.symlinkSync('../../../bus/pci', this.#at(`${DEVICE}/subsystem`));
    fs.writeFileSync(this.#at(`${DEVICE}/driver_override`), 'vfio-pci\n');
    fs.writeFileSync(this.#at(`${PCI}/drivers/idxd/bind`), '');
    execFileSync('mkfifo', [this.#unbind]);
    this.#fill();
    this.#leaveBehind();
  }

  #at(path: string): string {
    return join(this.root, path);
  }

  /** Open for reading, so that it can be opened for writing; and full, so that nothing can be written. */
  #fill(): void {
    this.#fifo = fs.openSync(this.#unbind, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    for (const piece of [Buffer.alloc(4_096), Buffer.alloc(1)]) {
      try {
        for (;;) fs.writeSync(this.#fifo, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
    }
  }

  /** The record of an iopftop that had taken the device from idxd, and was killed. */
  #leaveBehind(): void {
    const bootId = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const record = {
      format: 'iopftop-undo/1',
      writer: { pid: DEAD, startTime: 1, bootId },
      entries: [{ kind: 'driver', address: ADDRESS, driver: 'idxd', override: null }],
    };
    fs.writeFileSync(this.#at(`run/iopftop/${DEAD}-1.json`), JSON.stringify(record), { mode: 0o600 });
  }

  /** Words of a command that runs iopftop on it. */
  command(args: readonly string[]): string[] {
    return ['env', `T=${this.root}`, 'unshare', '-m', 'sh', '-c', SCRIPT, 'sh', process.execPath, BIN, ...args];
  }

  /** The driver lets go of the device at last: the write returns, and what it was is read. */
  letGo(): string {
    fs.rmSync(this.#at(`${DEVICE}/driver`));
    const bytes = Buffer.alloc(1 << 20);
    let text = '';
    for (;;) {
      try {
        text += bytes.toString('latin1', 0, fs.readSync(this.#fifo, bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        return text.replaceAll('\0', '');
      }
    }
  }

  /** What is written down of what has to be undone. */
  get records(): string[] {
    return fs.readdirSync(this.#at('run/iopftop'));
  }

  /** What was written into the files that give the device back. */
  get given(): { readonly override: string; readonly bind: string } {
    // No attributes: what is written stands at the start of what was there.
    const text = (path: string) => fs.readFileSync(this.#at(path), 'utf8').split('\n')[0] ?? '';
    return { override: text(`${DEVICE}/driver_override`), bind: text(`${PCI}/drivers/idxd/bind`) };
  }
}
