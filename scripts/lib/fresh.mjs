// Is there anything to set up? Asked at every start from a clone, so it only compares file times and sizes.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Written after an installation; inside node_modules, so that it goes when they go. */
export const INSTALL_STAMP = join('node_modules', '.iopftop-setup');
/** Written after a build. */
export const BUILD_STAMP = join('dist', '.build-stamp');

const BUILD_INPUTS = ['package.json', 'scripts/build.mjs', 'scripts/lib/notices.mjs'];

const describe = (root, path) => {
  const { size, mtimeMs } = statSync(join(root, path));
  return `${path} ${size} ${mtimeMs}\n`;
};

const textOf = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** What the installation depends on: the lock file as it lies there, and who runs it. */
export function installKey(root = ROOT) {
  const node = process.versions.node.split('.')[0];
  return `node ${node} ${process.platform} ${process.arch}\n${describe(root, 'package-lock.json')}`;
}

/** What the build depends on: each source file with its size and time, and the installation. */
export function buildKey(root = ROOT) {
  let key = installKey(root);
  for (const path of BUILD_INPUTS) key += describe(root, path);
  const sources = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true });
  for (const entry of sources) {
    if (!entry.isFile()) continue;
    // parentPath came with Node 20.12, path went with 24.
    key += describe(root, join(entry.parentPath, entry.name).slice(root.length + 1));
  }
  return key;
}

export const isInstalled = (root = ROOT) => textOf(join(root, INSTALL_STAMP)) === installKey(root);
export const isBuilt = (root = ROOT) => textOf(join(root, BUILD_STAMP)) === buildKey(root);

/** True when the packages are installed and dist/ is built from the sources as they are. */
export const isFresh = (root = ROOT) => isBuilt(root) && isInstalled(root);
