// The bundle as CommonJS. Node takes several times longer over ES modules (each file is read asynchronously, and what a built-in
// module exports is loaded with it, such as all streams with node:fs), and a user waits for it before the first frame. esbuild
// splits ES modules only, so its chunks are bundled a second time; those that are loaded together in any case become one file.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import * as esbuild from 'esbuild';

/** @type {import('esbuild').BuildOptions} */
const OPTIONS = {
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // As ES modules are.
  banner: { js: '"use strict";' },
  logLevel: 'silent',
  external: ['koffi'],
  define: { 'import.meta.url': '__url' },
};
const URL_OF_FILE = 'const __url=require("node:url").pathToFileURL(__filename).href;';

/** Named as it is in the options; other chunks have a hash. */
const ENTRY = /^[a-z]+\.js$/;

/**
 * @typedef {import('esbuild').Metafile} Metafile
 * @typedef {Map<string, string>} Chunks esbuild's: name → ES module
 * @typedef {Record<'main' | 'run' | 'start' | 'layout' | 'screen' | 'headless' | 'worker', string[]>} Together
 */

/** The chunks that are loaded before those of `names` run, and these, in the order in which they run. @param {Metafile} metafile @param {string[]} names */
function closure(metafile, names) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} name */
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path, kind, external } of metafile.outputs[`dist/${name}`]?.imports ?? []) {
      if (kind === 'import-statement' && !external) visit(basename(path));
    }
    found.add(name);
  };
  names.forEach(visit);
  return found;
}

/** @param {Metafile} metafile @param {string} chunk */
function outputOf(metafile, chunk) {
  const output = metafile.outputs[`dist/${chunk}`];
  if (!output) throw new Error(`the bundle has no ${chunk}`);
  return output;
}

/** The chunk that a source file is the entry of. @param {Metafile} metafile @param {string} source */
function chunkOf(metafile, source) {
  const found = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source);
  if (!found) throw new Error(`${source} is said to be loaded by a run, and is no entry of the bundle`);
  return basename(found[0]);
}

/**
 * Chunk → the name of its pack, where it is in one. A pack runs as a whole, so it has only what is loaded in any case where it is:
 * what other commands load too is with what each of them loads before, or by itself where that would be dear.
 *
 * @param {Metafile} metafile @param {Together} together
 */
function groupsOf(metafile, together) {
  const entries = Object.values(metafile.outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  /** @param {string[]} sources */
  const loadedBy = (sources) =>
    closure(
      metafile,
      sources.map((source) => chunkOf(metafile, source)),
    );
  const others = loadedBy(entries.filter((source) => !Object.values(together).flat().includes(source)));
  const { worker = new Set(), ...front } = Object.fromEntries(
    Object.entries(together).map(([name, files]) => [name, loadedBy(files)]),
  );
  /** @param {string} chunk */
  const name = (chunk) => {
    const [first, second] = Object.keys(front).filter((part) => front[part]?.has(chunk));
    if (first === 'main' || first === 'run' || first === 'layout') return first;
    if (!others.has(chunk)) return second === undefined ? first : 'start';
    const inputs = metafile.outputs[`dist/${chunk}`]?.inputs ?? {};
    return first === undefined || Object.keys(inputs).some((input) => input.includes('node_modules')) ? null : 'run';
  };
  /** @type {Map<string, string>} */
  const groups = new Map();
  for (const chunk of new Set([...Object.values(front), worker].flatMap((chunks) => [...chunks]))) {
    const group = name(chunk);
    // An entry of the bundle does something when it is loaded.
    if (ENTRY.test(chunk) || group === null || (group === undefined && others.has(chunk))) continue;
    groups.set(chunk, [group, worker.has(chunk) && 'worker'].filter(Boolean).join('-'));
  }
  return groups;
}

/** File → its chunks. A pack's name says what is in it: programs that still run have older ones. @param {Chunks} chunks @param {Map<string, string>} groups */
function filesOf(chunks, groups) {
  /** @type {Map<string, string[]>} */
  const members = new Map();
  for (const [chunk, group] of groups) members.set(group, [...(members.get(group) ?? []), chunk]);
  /** @type {Map<string, string[]>} */
  const files = new Map();
  for (const [group, names] of members) {
    const hash = createHash('sha256');
    for (const name of names) hash.update(name).update(chunks.get(name) ?? '');
    files.set(`pack-${group}-${hash.digest('hex').slice(0, 8)}.js`, names);
  }
  for (const name of chunks.keys()) if (!groups.has(name)) files.set(name, [name]);
  return files;
}

/** The name that an export of a chunk has in the file that the chunk is in; without `name`, that of all of them. @param {string} file @param {string} chunk */
const exported = (file, chunk, name = '') => (file === chunk ? name : `${chunk.replace(/\W/g, '_')}$${name}`);

/** What a file exports: what each of its chunks does. @param {string} file @param {string[]} members @param {Metafile} metafile */
function entryOf(file, members, metafile) {
  const lines = members.map((chunk) => {
    const { exports, entryPoint } = outputOf(metafile, chunk);
    const names = exports.map((name) => `${name} as ${exported(file, chunk, name)}`);
    const all = entryPoint && file !== chunk ? `export * as ${exported(file, chunk)} from "./${chunk}";` : '';
    return `export {${names}} from "./${chunk}";${all}`;
  });
  return lines.join('\n');
}

/**
 * Chunks of the file itself by their text; others as what the file that they are in exports.
 *
 * @param {string} file @param {Map<string, string[]>} files @param {Chunks} chunks @param {Metafile} metafile
 */
function chunkPlugin(file, files, chunks, metafile) {
  const fileOf = new Map([...files].flatMap(([name, members]) => members.map((chunk) => [chunk, name])));
  /** @param {string} chunk */
  const at = (chunk) => fileOf.get(chunk) ?? chunk;
  /** @param {string} chunk */
  const contents = (chunk) => {
    const home = at(chunk);
    if (home === file) return chunks.get(chunk);
    const names = outputOf(metafile, chunk).exports.map((name) => `${exported(home, chunk, name)} as ${name}`);
    return `export {${names}} from "file:./${home}";`;
  };
  return {
    name: 'chunks',
    /** @param {import('esbuild').PluginBuild} build */
    setup(build) {
      build.onResolve({ filter: /^file:/ }, ({ path }) => ({ path: path.slice('file:'.length), external: true }));
      build.onResolve({ filter: /^\.\/[\w-]+\.js$/ }, ({ path, kind }) => {
        if (kind === 'dynamic-import') return { path, external: true };
        return { path: basename(path), namespace: 'chunk' };
      });
      build.onLoad({ filter: /./, namespace: 'chunk' }, ({ path }) => ({ contents: contents(path), loader: 'js' }));
    },
    /** `import()` of another chunk: in this form of modules it is there at once. */
    replaced: (/** @type {string} */ code) =>
      code.replace(/\bimport\("\.\/([\w-]+\.js)"\)/g, (_, chunk) => {
        const from = at(chunk);
        const all = from === chunk ? '' : `.${exported(from, chunk)}`;
        return `Promise.resolve().then(()=>require("./${from}")${all})`;
      }),
  };
}

/**
 * The files of the bundle: name → text, and name → the chunks that are in it.
 *
 * @param {Chunks} chunks
 * @param {import('esbuild').Metafile} metafile
 * @param {Record<'main' | 'run' | 'start' | 'layout' | 'screen' | 'headless' | 'worker', string[]>} together source files that are loaded one
 *   after the other in any case; after main and run, start and the screen or headless
 */
export async function commonJs(chunks, metafile, together) {
  const files = filesOf(chunks, groupsOf(metafile, together));
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const [file, members] of files) {
    const { replaced, ...plugin } = chunkPlugin(file, files, chunks, metafile);
    const stdin = { contents: entryOf(file, members, metafile), resolveDir: '/' };
    const { outputFiles } = await esbuild.build({ ...OPTIONS, stdin, plugins: [plugin] });
    const code = replaced(outputFiles?.[0]?.text ?? '');
    texts.set(file, code.includes('__url') ? code.replace('"use strict";', `$&${URL_OF_FILE}`) : code);
  }
  return { texts, files };
}
