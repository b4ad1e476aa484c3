// Which options can be combined. Not by conflicts() and implies() of yargs: they see the command line and not the
// configuration file, take --x=false for x, and require all of several where one is enough.
import type { Given, Value } from './given.ts';
import type { Need } from './option.ts';
import { type Option, type OptionName, TABLE } from './options.ts';
import { UsageError } from './usage-error.ts';

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== false;

/** What keeps the option from being combined with the others, or null. */
export function obstacle(option: Option, given: Given): { kind: 'conflict' | 'need'; name: string } | null {
  const other = option.conflicts?.find((conflict) => isSet(given[conflict as OptionName]));
  if (other) return { kind: 'conflict', name: other };
  const { needs } = option;
  if (!needs || needs.some((need) => isMet(need, given))) return null;
  return { kind: 'need', name: needs.map(({ name, value }) => `${name}${value ? ` ${value}` : ''}`).join(' or --') };
}

function isMet({ name, value: wanted }: Need, given: Given): boolean {
  const value = given[name as OptionName] ?? TABLE.find((option) => option.name === name)?.default;
  return wanted === undefined ? isSet(value) : value === wanted;
}

/** The options for this machine, not for the mock. */
const OF_HOST: readonly OptionName[] = ['device', 'pid', 'fault-fd', 'listen'];

/** An option that names a device or process of this machine implies --backend host. */
export function withBackend(given: Given): Given {
  if (given.backend !== undefined || !OF_HOST.some((name) => isSet(given[name]))) return given;
  return { ...given, backend: 'host' };
}

/** Throws UsageError for options that exclude each other, or that lack the one they are for. */
export function checkTogether(given: Given, options: readonly Option[] = TABLE): void {
  if (given.backend === 'host' && !OF_HOST.some((name) => isSet(given[name]))) {
    throw new UsageError('--backend host: which device or process?', 'give --device, --pid, --fault-fd or --listen');
  }
  for (const option of options) {
    if (!isSet(given[option.name as OptionName])) continue;
    const found = obstacle(option, given);
    if (found?.kind === 'conflict') {
      throw new UsageError(`--${option.name} and --${found.name} cannot be combined`, 'leave one of them out');
    }
    if (found) {
      const that = (option.needs?.length ?? 0) > 1 ? 'one of these' : 'that';
      throw new UsageError(`--${option.name} is for --${found.name}`, `add ${that} or leave --${option.name} out`);
    }
  }
}
