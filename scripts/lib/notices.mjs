// THIRD-PARTY-NOTICES: the licences of the packages whose code is in the bundle.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEAD = `iopftop contains code of the packages below, bundled into dist/. Made by \`npm run build\`; do not edit.\n`;
const LICENSE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * Directories (relative to the root) of the packages that have code in the bundle.
 *
 * @param {import('esbuild').Metafile} metafile
 */
function bundledPackages(metafile) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
      if (match?.[1] && bytesInOutput > 0) found.add(match[1]);
    }
  }
  return [...found];
}

/** @param {string} directory */
function licenceText(directory) {
  const name = readdirSync(directory)
    .filter((file) => LICENSE_FILE.test(file))
    .sort()[0];
  return name ? readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n').trim() : null;
}

/**
 * The whole text, packages in order of name and version.
 *
 * @param {string} root @param {import('esbuild').Metafile} metafile
 */
export function notices(root, metafile) {
  /** @type {[title: string, text: string][]} */
  const entries = bundledPackages(metafile).flatMap((path) => {
    const directory = join(root, path);
    if (!existsSync(join(directory, 'package.json'))) return [];
    const { name, version, license, author } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const by = typeof author === 'string' ? author : author?.name;
    const text = licenceText(directory) ?? `Licensed under ${license}${by ? ` by ${by}` : ''}.`;
    return [[`${name} ${version} (${license})`, text]];
  });
  const unique = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1));
  return [HEAD, ...unique.map(([title, text]) => `${'='.repeat(78)}\n${title}\n\n${text}\n`)].join('\n');
}
