// Which parts of the kernel are loaded, built in, or available as modules.
import type { Reading } from '../../host/reading.ts';
import type { KernelConfig } from './kernel-config.ts';

/** absent: the running kernel has no such module; unknown: neither its module list nor its configuration can be read. */
export type ModuleState = 'loaded' | 'built in' | 'not loaded' | 'absent' | 'unknown';

/** Distributions have some thousand modules, and modules.dep names for each what it needs. */
const LONGEST = 8 << 20;

/** vfio_pci and vfio-pci are one module. */
const listed = (list: string, name: string): boolean =>
  new RegExp(`(^|/)${name.replace(/[-_]/g, '[-_]')}\\.ko`, 'm').test(list);

/** `option`: the CONFIG_ that makes the module, without CONFIG_. */
export function moduleState(
  reading: Reading,
  osrelease: string,
  config: KernelConfig | null,
  { module: name, option }: { readonly module: string; readonly option: string },
): ModuleState {
  const set = config?.get(option);
  if (set === 'y') return 'built in';
  const canonical = name.replace(/-/g, '_');
  const loaded = reading.text('/proc/modules', 'the modules') ?? '';
  if (loaded.split('\n').some((line) => line.startsWith(`${canonical} `))) return 'loaded';
  // Of built-in modules only those with parameters appear there.
  if (reading.isThere(`/sys/module/${canonical}`)) return 'built in';
  const list = (file: string): string | null => {
    const bytes = reading.bytes(`/lib/modules/${osrelease}/${file}`, 'the list of modules', LONGEST);
    return bytes && new TextDecoder().decode(bytes);
  };
  if (listed(list('modules.builtin') ?? '', name)) return 'built in';
  const dependencies = list('modules.dep');
  if (dependencies !== null && listed(dependencies, name)) return 'not loaded';
  if (set === 'n' || dependencies !== null) return 'absent';
  return set === 'm' ? 'not loaded' : 'unknown';
}
