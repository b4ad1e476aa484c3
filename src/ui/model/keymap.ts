// The key table as a configuration changes it.
import type { KeyBinding } from './keys.ts';

/** Actions that must have a key: without one there is no way out. */
export const NEEDED: readonly string[] = ['quit', 'cancel', 'confirm', 'close'];

interface Remapped {
  keys: readonly KeyBinding[];
  /** One line each; those actions have the keys of the table. */
  problems: string[];
}

/**
 * `overrides`: keys by action, in place of those of the table; an empty list removes the keys. Errors change nothing and are
 * reported: an unknown action, or one that must have a key.
 */
export function remap(table: readonly KeyBinding[], overrides: Readonly<Record<string, readonly string[]>>): Remapped {
  const problems: string[] = [];
  for (const id of Object.keys(overrides)) {
    if (!table.some((binding) => binding.id === id)) problems.push(`there is no action "${id}"`);
    else if (!overrides[id]!.length && NEEDED.includes(id)) problems.push(`"${id}" must have a key`);
  }
  const keys = table.map((binding) => {
    const own = Object.hasOwn(overrides, binding.id) ? overrides[binding.id]! : binding.keys;
    return !own.length && NEEDED.includes(binding.id) ? binding : { ...binding, keys: own };
  });
  return { keys, problems };
}
