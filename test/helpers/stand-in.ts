/** The same object, of which `parts` stand in the place of its own. */
export function standIn<T extends object>(all: T, parts: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(all, {
    get(_, name) {
      if (name in parts) return parts[name as keyof T];
      const value: unknown = all[name as keyof T];
      return typeof value === 'function' ? value.bind(all) : value;
    },
  });
}
