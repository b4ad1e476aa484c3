// Bundles src/ into dist/, split so that a command loads only what it runs. koffi stays outside.
// `npm run build` also writes what is generated and checked in: THIRD-PARTY-NOTICES, the schemas, the manual page, the
// completions, docs/config.md, docs/protocol.md, the tables of docs/headless.md and docs/architecture.svg.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { awaits } from './lib/awaits.mjs';
import { commonJs } from './lib/common-js.mjs';
import { BUILD_STAMP, buildKey, ROOT } from './lib/fresh.cjs';
import { notices } from './lib/notices.mjs';

/** By what a run begins with: the files that it loads one after the other in any case. */
const TOGETHER = {
  main: ['src/main.ts'],
  worker: ['src/engine/thread/worker.ts'],
  run: ['src/run.ts'],
  start: [
    'src/cli/parse.ts',
    'src/start.ts',
    'src/cli/config/merge.ts',
    'src/cli/config/file.ts',
    'src/cli/engine-options.ts',
    'src/engine/thread/start.ts',
    'src/while-waiting.ts',
  ],
  // Before the rest of the screen, so that Yoga is compiled in the background meanwhile.
  layout: ['src/ui/paint/layout-ready.ts'],
  screen: ['src/ui/app/screen.ts'],
  headless: ['src/headless/kept-signals.ts', 'src/headless/headless.ts', 'src/headless/once.ts'],
};
const KEEP_OLD_MS = 60 * 60_000;

/**
 * Of yargs we use the parser. Its helpers come with a shim that loads the rest (cliui, y18n …), for one that we do not use.
 *
 * @type {esbuild.Plugin}
 */
const YARGS_PARSER = {
  name: 'yargs-parser',
  setup(build) {
    build.onResolve({ filter: /platform-shims\/esm\.mjs$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === YARGS_PARSER) return undefined;
      return { ...(await build.resolve(path, { ...from, pluginData: YARGS_PARSER })), sideEffects: false };
    });
  },
};

/**
 * Options of the bundle; nothing is written by esbuild itself.
 *
 * @param {string} root @param {string} version
 * @returns {esbuild.BuildOptions & {write: false, metafile: true}}
 */
const options = (root, version) => ({
  absWorkingDir: root,
  entryPoints: {
    main: 'src/main.ts',
    worker: 'src/engine/thread/worker.ts',
    generated: 'src/cli/generated.ts',
  },
  outdir: 'dist',
  bundle: true,
  write: false,
  splitting: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  jsx: 'automatic',
  // Names stay readable in a stack trace that a user sends.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'silent',
  external: ['koffi'],
  plugins: [awaits, YARGS_PARSER],
  define: {
    'process.env.NODE_ENV': '"production"',
    IOPFTOP_VERSION: JSON.stringify(version),
  },
});

/** A reader never sees half a file: written beside it and moved over. @param {string} path @param {string} content */
function replaceFile(path, content) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

/**
 * Chunks of earlier builds: a running program may still load them, so they go after an hour.
 *
 * @param {string} dist @param {Set<string>} written
 */
function sweep(dist, written) {
  for (const name of readdirSync(dist)) {
    const path = join(dist, name);
    if (!name.endsWith('.js') || written.has(name)) continue;
    if (Date.now() - statSync(path).mtimeMs > KEEP_OLD_MS) rmSync(path, { force: true });
  }
}

/**
 * Builds `root`/dist and returns esbuild's metafile. `clean` empties dist first, for a package. Throws with esbuild's
 * messages when the sources do not compile.
 *
 * @param {{root?: string, clean?: boolean}} [options]
 */
export async function build({ root = ROOT, clean = false } = {}) {
  const key = buildKey(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const result = await esbuild.build(options(root, version));
  const dist = join(root, 'dist');
  if (clean) rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const chunks = new Map(result.outputFiles.map((file) => [basename(file.path), file.text]));
  const { texts, files } = await commonJs(chunks, result.metafile, TOGETHER);
  replaceFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  // The entry last: until then the old one runs with its own chunks.
  for (const [name, text] of [...texts].sort(([a], [b]) => Number(a === 'main.js') - Number(b === 'main.js'))) {
    replaceFile(join(dist, name), text);
  }
  sweep(dist, new Set(files.keys()));
  replaceFile(join(dist, 'meta.json'), JSON.stringify({ ...result.metafile, files: Object.fromEntries(files) }));
  replaceFile(join(root, BUILD_STAMP), key);
  return result.metafile;
}

/**
 * Writes the generated files that are checked in, where they differ.
 *
 * @param {string} root @param {esbuild.Metafile} metafile
 */
async function writeGenerated(root, metafile) {
  /** @type {typeof import('../src/cli/generated.ts')} */
  const { generatedFiles, PAGES_WITH_TABLES } = await import(pathToFileURL(join(root, 'dist', 'generated.js')).href);
  const { picture } = await import('./picture.mjs');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  /** @type {(readonly [path: string, text: string])[]} */
  const files = [
    ['THIRD-PARTY-NOTICES', notices(root, metafile)],
    ['docs/architecture.svg', picture(root)],
    ...generatedFiles(version),
    ...PAGES_WITH_TABLES.map(
      ([path, made]) => /** @type {const} */ ([path, made(readFileSync(join(root, path), 'utf8'))]),
    ),
  ];
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    replaceFile(join(root, path), text);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const metafile = await build({ clean: process.argv.includes('--clean') });
  await writeGenerated(ROOT, metafile);
}
