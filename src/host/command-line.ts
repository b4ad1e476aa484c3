// The kernel's command line, parsed as the kernel parses it.
import type { Reading } from './reading.ts';

export interface Parameter {
  /** With underscores: dashes are the same in names (parameq() in kernel/params.c). */
  readonly name: string;
  /** Without its quotes; null: there is no `=`. */
  readonly value: string | null;
}

/** isspace() in lib/ctype.c: 0xa0 is one, too. */
const SPACE = /[\t-\r \xa0]/;
/** COMMAND_LINE_SIZE is at most 4096, plus the boot configuration. */
const LONGEST = 1 << 16;

/** next_arg() in lib/cmdline.c: one parameter from `at` on, and where the next one begins. */
function nextArgument(line: string, at: number): { parameter: Parameter; end: number } {
  const quoted = line[at] === '"';
  const start = quoted ? at + 1 : at;
  let inQuotes = quoted;
  let equals = -1;
  let end = start;
  for (; end < line.length && (inQuotes || !SPACE.test(line[end]!)); end++) {
    // A name has at least one character.
    if (equals < 0 && end > start && line[end] === '=') equals = end;
    if (line[end] === '"') inQuotes = !inQuotes;
  }
  const whole = line.slice(start, end);
  const closed = quoted && whole.endsWith('"') ? whole.slice(0, -1) : whole;
  if (equals < 0) return { parameter: { name: underscores(closed), value: null }, end };
  const name = underscores(line.slice(start, equals));
  const written = closed.slice(equals - start + 1);
  const value = written.startsWith('"') ? written.slice(1).replace(/"$/, '') : written;
  return { parameter: { name, value }, end };
}

/** Dashes in names of parameters and modules are underscores. */
export const underscores = (name: string): string => name.replaceAll('-', '_');

/** parse_args(): what follows a bare `--` is init's. */
export function parseCommandLine(line: string): Parameter[] {
  const parameters: Parameter[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && SPACE.test(line[at]!)) at++;
    if (at >= line.length) return parameters;
    const { parameter, end } = nextArgument(line, at);
    if (parameter.value === null && parameter.name === '__' && line.slice(at, end).replaceAll('"', '') === '--') {
      return parameters;
    }
    parameters.push(parameter);
    at = end;
  }
}

export class CommandLine {
  readonly parameters: readonly Parameter[];

  constructor(line: string) {
    this.parameters = parseCommandLine(line);
  }

  /** An empty one if it cannot be read, which `reading` records. */
  static read(reading: Reading): CommandLine {
    const bytes = reading.bytes('/proc/cmdline', "the kernel's command line", LONGEST);
    // A byte is a character for the kernel.
    return new CommandLine(bytes === null ? '' : String.fromCharCode(...bytes));
  }

  /** All values of a parameter that has one, in order. */
  values(name: string): string[] {
    const wanted = underscores(name);
    return this.parameters.flatMap((one) => (one.name === wanted && one.value !== null ? [one.value] : []));
  }

  /** Words between commas, of all of its values. */
  words(name: string): string[] {
    return this.values(name).flatMap((value) => value.split(',').filter((word) => word !== ''));
  }

  /** intel_iommu_setup(): words match by their beginning, and the last one wins. null: it is not mentioned. */
  get scalableMode(): boolean | null {
    const last = this.words('intel_iommu').findLast((word) => /^sm_(on|off)/.test(word));
    return last === undefined ? null : last.startsWith('sm_on');
  }

  /** pci_setup(): `pci=noats`, which pci_ats_init() looks at. */
  get noAts(): boolean {
    return this.words('pci').some((word) => word.startsWith('noats'));
  }

  /**
   * The parameter that turns an IOMMU off, as written: iommu_setup() and parse_amd_iommu_options() never undo it,
   * intel_iommu_setup() lets the last word win.
   */
  get iommuOff(): string[] {
    const off = (name: string): boolean => this.words(name).some((word) => word.startsWith('off'));
    const intel = this.words('intel_iommu').findLast((word) => /^(on|off)/.test(word));
    return [
      ...(off('iommu') ? ['iommu=off'] : []),
      ...(intel?.startsWith('off') ? ['intel_iommu=off'] : []),
      ...(off('amd_iommu') ? ['amd_iommu=off'] : []),
    ];
  }

  /** The parameter that turns interrupt remapping off: setup_nointremap(), setup_irqremap(). null: none. */
  get interruptRemappingOff(): string | null {
    let off: string | null = null;
    for (const { name, value } of this.parameters) {
      if (name === 'nointremap') off = 'nointremap';
      if (name !== 'intremap') continue;
      for (const word of value?.split(',') ?? []) {
        if (word.startsWith('on')) off = null;
        else if (word.startsWith('off')) off = 'intremap=off';
      }
    }
    return off;
  }
}
