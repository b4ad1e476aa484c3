// Is there anything to set up? Asked at every start from a clone, so it only compares file times and sizes; CommonJS, which
// Node 20 has loaded before it would have begun with an ES module.
const { readdirSync, readFileSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');

const ROOT = dirname(dirname(__dirname));
/** Written after an installation; inside node_modules, so that it goes when they go. */
const INSTALL_STAMP = join('node_modules', '.iopftop-setup');
/** Written after a build. */
const BUILD_STAMP = join('dist', '.build-stamp');

const BUILD_INPUTS = [
  'package.json',
  'scripts/build.mjs',
  'scripts/lib/notices.mjs',
  'scripts/lib/common-js.mjs',
  'scripts/lib/awaits.mjs',
];

/** @param {string} root @param {string} path */
const describe = (root, path) => {
  const { size, mtimeMs } = statSync(`${root}/${path}`);
  return `${path} ${size} ${mtimeMs}\n`;
};

/** @param {string} path */
const textOf = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** What the installation depends on: the lock file as it lies there, and who runs it. */
function installKey(root = ROOT) {
  const node = process.versions.node.split('.')[0];
  return `node ${node} ${process.platform} ${process.arch}\n${describe(root, 'package-lock.json')}`;
}

/**
 * Each file below `path`. Node's own recursive readdir takes twice as long, and this runs before the first frame.
 *
 * @param {string} root @param {string} path
 * @returns {string}
 */
function describeTree(root, path) {
  let key = '';
  for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
    const inside = `${path}/${entry.name}`;
    key += entry.isDirectory() ? describeTree(root, inside) : describe(root, inside);
  }
  return key;
}

/** What the build depends on: each source file with its size and time, and the installation. */
function buildKey(root = ROOT) {
  return installKey(root) + BUILD_INPUTS.map((path) => describe(root, path)).join('') + describeTree(root, 'src');
}

const isInstalled = (root = ROOT) => textOf(join(root, INSTALL_STAMP)) === installKey(root);
const isBuilt = (root = ROOT) => textOf(join(root, BUILD_STAMP)) === buildKey(root);

/** True when the packages are installed and dist/ is built from the sources as they are. */
const isFresh = (root = ROOT) => isBuilt(root) && isInstalled(root);

module.exports = { ROOT, INSTALL_STAMP, BUILD_STAMP, installKey, buildKey, isInstalled, isBuilt, isFresh };
