// What the PRI capability of a PCI device says about it, as text. It is read once per second at most.
import { readExtended } from '../../host/config-space.ts';
import type { DeviceInfo } from '../../host/device-info.ts';
import { Reading } from '../../host/reading.ts';
import type { Kernel } from '../../kernel/kernel.ts';

const SECOND_NS = 1_000_000_000n;
const EXTENDED_BYTES = 4096;

export class PriNote {
  readonly #kernel: Kernel;
  readonly #config: string;
  #readNs: bigint | null = null;
  #text: string | null = null;

  constructor(kernel: Kernel, { path }: Pick<DeviceInfo, 'path'>) {
    this.#kernel = kernel;
    this.#config = `${path}/config`;
  }

  /** null: there is nothing to say, or configuration space does not show it. */
  text(): string | null {
    const now = this.#kernel.now();
    if (this.#readNs === null || now - this.#readNs >= SECOND_NS) {
      this.#readNs = now;
      this.#text = this.#read();
    }
    return this.#text;
  }

  #read(): string | null {
    const bytes = new Reading(this.#kernel.files).bytes(this.#config, 'configuration space', EXTENDED_BYTES);
    if (!bytes) return null;
    const found = readExtended(bytes, bytes.length);
    if (found.state === 'gone') return 'gone: its configuration space reads as ones';
    const pri = found.state === 'read' ? found.capabilities.pri : null;
    if (pri === null) return null;
    const said = [
      ...(pri.enabled ? [] : ['off']),
      ...(pri.responseFailure ? ['response failure: no more page requests until PRI is reset'] : []),
      ...(pri.unexpectedGroupIndex ? ['it got a response for an unknown group'] : []),
      ...(pri.enabled || pri.stopped ? [] : ['requests are outstanding']),
    ];
    return said.length > 0 ? `PRI: ${said.join('; ')}` : null;
  }
}
