// The rooms of src/, as the table of ARCHITECTURE.md has them: a row is a layer, the highest first.

/**
 * @typedef {{names: string[], text: string}} Row paths of its rooms, and what is said of them
 * @param {string} page ARCHITECTURE.md
 * @returns {Row[]}
 */
export function rooms(page) {
  const rows = page.split('\n').flatMap((line) => {
    const [, first = '', text = ''] = /^\| (`src\/.*?`) \| (.*) \|$/.exec(line) ?? [];
    const names = [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return names.length === 0 ? [] : [{ names, text }];
  });
  if (rows.length === 0) throw new Error('ARCHITECTURE.md has no table of rooms');
  return rows;
}
