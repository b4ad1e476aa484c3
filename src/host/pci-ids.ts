// Names from pci.ids, where a distribution's copy is installed.
import type { Named } from './device-info.ts';
import type { Reading } from './reading.ts';

const PLACES = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'];
const LIMIT = 16 << 20;

export class PciIds {
  readonly #text: string;

  /** `text`: the file. It is searched, not parsed: few of its 40,000 names are ever asked for. */
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
    return { id, name: nameIn(this.#block(`\n${vendor}  `)?.body, `\n\t${id}  `) };
  }

  /** `id` six digits: the most exact name of class, subclass and programming interface. */
  class(id: string): Named {
    const base = this.#block(`\nC ${id.slice(0, 2)}  `);
    if (!base) return { id, name: null };
    const subclass = blockIn(base.body, `\n\t${id.slice(2, 4)}  `, '\n\t\t');
    const name = nameIn(subclass?.body, `\n\t\t${id.slice(4)}  `);
    return { id, name: name === null ? (subclass?.name ?? base.name) : `${subclass!.name} (${name})` };
  }

  #block(key: string): Block | null {
    return blockIn(this.#text, key, '\n\t');
  }
}

interface Block {
  readonly name: string;
  /** The lines below it that are indented more, each with a newline before. */
  readonly body: string;
}

const lineAt = (text: string, at: number): string => {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? undefined : end).trim();
};

/** What begins with `key` and goes on with lines that begin with `inside`. */
function blockIn(text: string, key: string, inside: string): Block | null {
  const at = text.indexOf(key);
  if (at < 0) return null;
  let end = text.indexOf('\n', at + key.length);
  const start = end < 0 ? text.length : end;
  // Comments and empty lines belong to what they are in.
  while (end >= 0 && isWithin(text, end, inside)) end = text.indexOf('\n', end + 1);
  return { name: lineAt(text, at + key.length), body: text.slice(start, end < 0 ? undefined : end) };
}

const isWithin = (text: string, at: number, inside: string): boolean =>
  text.startsWith(inside, at) || text.startsWith('\n#', at) || text.startsWith('\n\n', at);

function nameIn(body: string | undefined, key: string): string | null {
  const at = body?.indexOf(key) ?? -1;
  return at < 0 ? null : lineAt(body!, at + key.length);
}
