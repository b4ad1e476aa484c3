// Names from pci.ids, where a distribution's copy is installed.
/** A number from the kernel, and its name in pci.ids; null if the file does not exist or does not have it. */
export interface Named {
  /** Hexadecimal, without 0x, as in pci.ids and lspci -n. */
  readonly id: string;
  readonly name: string | null;
}

export interface PciIdentity {
  /** Six digits: base class, subclass, programming interface. */
  readonly class: Named;
  readonly vendor: Named;
  readonly device: Named;
  /** Two digits. */
  readonly revision: string | null;
}

import type { Reading } from './reading.ts';

const PLACES = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'];
const LIMIT = 16 << 20;

/** A vendor, or a base class: the text of its line, and the lines below it, each with a newline before. */
interface Block {
  readonly name: string;
  readonly body: string;
}

export class PciIds {
  readonly #text: string;
  readonly #blocks = new Map<string, Block | null>();

  /** `text`: the file. It is searched, not parsed: few of its 40,000 names are ever needed. */
  constructor(text: string) {
    this.#text = `\n${text}`;
  }

  static read(reading: Reading): PciIds {
    for (const path of PLACES) {
      const bytes = reading.bytes(path, 'names of PCI devices', LIMIT);
      if (bytes) return new PciIds(new TextDecoder().decode(bytes));
    }
    return new PciIds('');
  }

  /** `id` four hexadecimal digits. */
  vendor(id: string): Named {
    return { id, name: this.#block(`\n${id}  `)?.name ?? null };
  }

  device(vendor: string, id: string): Named {
    return { id, name: nameIn(this.#block(`\n${vendor}  `)?.body ?? '', `\n\t${id}  `) };
  }

  /** `id` six digits: the most exact name of class, subclass and programming interface. */
  class(id: string): Named {
    const base = this.#block(`\nC ${id.slice(0, 2)}  `);
    if (!base) return { id, name: null };
    const subclass = blockIn(base.body, `\n\t${id.slice(2, 4)}  `, END_OF_SUBCLASS);
    if (!subclass) return { id, name: base.name };
    const name = nameIn(subclass.body, `\n\t\t${id.slice(4)}  `);
    return { id, name: name === null ? subclass.name : `${subclass.name} (${name})` };
  }

  #block(key: string): Block | null {
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const block = blockIn(this.#text, key, END_OF_BLOCK);
    this.#blocks.set(key, block);
    return block;
  }
}

/** The next line that is not indented more; comments and empty lines belong to the entry around them. */
const END_OF_BLOCK = /\n[^\t#\n]/g;
const END_OF_SUBCLASS = /\n(?:[^\t#\n]|\t[^\t])/g;

const lineAt = (text: string, at: number): string => {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? undefined : end).trim();
};

/** What begins with `key`, to where `end` matches. */
function blockIn(text: string, key: string, end: RegExp): Block | null {
  const at = text.indexOf(key);
  if (at < 0) return null;
  const line = text.indexOf('\n', at + 1);
  if (line < 0) return { name: lineAt(text, at + key.length), body: '' };
  end.lastIndex = line;
  const last = end.exec(text)?.index;
  return { name: lineAt(text, at + key.length), body: text.slice(line, last) };
}

function nameIn(body: string, key: string): string | null {
  const at = body.indexOf(key);
  return at < 0 ? null : lineAt(body, at + key.length);
}
