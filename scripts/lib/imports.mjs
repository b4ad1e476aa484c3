// The import graph of src/, values and types alike, as it stands in the files: esbuild forgets imports of types, and they
// tie files together as firmly for whoever reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { ROOT } from './fresh.cjs';

/** `from './x.ts'`, `import './x.ts'`, `import('./x.ts')`: Biome has written them all alike. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/**
 * Each file of src/ with the files of src/ that it imports.
 *
 * @returns {Map<string, string[]>} paths from the root, in order
 */
export function imports(root = ROOT) {
  const files = readdirSync(join(root, 'src'), { recursive: true })
    .map((path) => `src/${path}`)
    .filter((path) => /\.tsx?$/.test(path))
    .sort();
  return new Map(files.map((file) => [file, importsOf(root, file)]));
}

/** @param {string} root @param {string} file */
function importsOf(root, file) {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(IMPORT)].map(([, path = '']) => posix.join(dirname(file), path));
  return [...new Set(found)].sort();
}
