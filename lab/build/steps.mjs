// The build, step by step. A finished step leaves a stamp; one that was interrupted is done again.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../scripts/lib/errors.mjs';
import { edits } from '../kernel/edits.mjs';
import { configLines, here, labPaths } from '../paths.mjs';
import { applyEdit } from './edit.mjs';
import { fail } from './fail.mjs';
import { needPackages } from './packages.mjs';
import { Progress } from './progress.mjs';
import { run } from './run.mjs';
import { download } from './source.mjs';

/** About how many lines make prints for the whole kernel. */
const OBJECTS = 1480;
const NEEDED_BYTES = 3e9;
/** Parts of the source that are large, and that no configuration of ours reads. */
const LEFT_OUT = ['*/drivers/gpu/drm/amd/include', '*/tools/testing', '*/Documentation/*/*'];

/** @typedef {ReturnType<typeof labPaths>} Paths */

const jobs = `-j${availableParallelism()}`;

/** @param {Paths} paths @param {string} what @param {string[]} args @param {(line: string) => void} [onLine] */
function kernelMake(paths, what, args, onLine) {
  const all = ['-n', '5', 'make', jobs, '-C', paths.source, `O=${paths.build}`, ...args];
  return run('nice', all, { log: paths.log, what, onLine });
}

/** @param {Paths} paths */
async function unpack(paths) {
  const deb = readdirSync(paths.downloads).find((f) => f.endsWith('.deb'));
  if (!deb) fail('the downloaded package is gone; run the build again');
  rmSync(paths.source, { recursive: true, force: true });
  mkdirSync(paths.source, { recursive: true });
  const exclude = LEFT_OUT.map((p) => `--exclude='${p}'`).join(' ');
  const script =
    'set -eo pipefail; dpkg-deb --fsys-tarfile "$1" | tar -xO --wildcards \'*/linux-source-*.tar.xz\' | ' +
    `tar -xJ ${exclude} --strip-components=1 -C "$2"`;
  const args = ['-c', script, 'lab', join(paths.downloads, deb), paths.source];
  await run('bash', args, { log: paths.log, what: 'unpacking the source' });
  writeFileSync(paths.info, `${JSON.stringify({ package: deb.replace(/\.deb$/, '') })}\n`);
}

/** @param {Paths} paths */
function edit(paths) {
  for (const one of edits) {
    const file = join(paths.source, one.file);
    writeFileSync(file, applyEdit(readFileSync(file, 'utf8'), one));
  }
}

/** @param {Paths} paths */
async function configure(paths) {
  rmSync(paths.build, { recursive: true, force: true });
  mkdirSync(paths.build, { recursive: true });
  await kernelMake(paths, 'configuring the kernel', ['ARCH=um', 'defconfig']);
  const file = join(paths.build, '.config');
  appendFileSync(file, `${configLines().join('\n')}\n`);
  await kernelMake(paths, 'configuring the kernel', ['ARCH=um', 'olddefconfig']);
  const made = new Set(readFileSync(file, 'utf8').split('\n'));
  // "is not set" may also be said by not saying anything, where what the option depends on is off.
  const missing = configLines().filter((line) => {
    const off = /^# (CONFIG_\w+) is not set$/.exec(line);
    return off ? [...made].some((l) => l.startsWith(`${off[1]}=`)) : !made.has(line);
  });
  if (missing.length) fail(`the kernel's configuration lacks ${missing.join(', ')}`);
}

/** @param {Paths} paths @param {Progress} progress */
async function compile(paths, progress) {
  let count = 0;
  /** @param {string} line */
  const onLine = (line) => {
    appendFileSync(paths.log, `${line}\n`);
    if (/^ {2}[A-Z]/.test(line)) progress.update(`building the kernel: ${++count} of about ${OBJECTS} objects`);
  };
  await kernelMake(paths, 'building the kernel', ['ARCH=um', 'linux'], onLine);
  copyFileSync(join(paths.build, 'linux'), `${paths.linux}.part`);
  chmodSync(`${paths.linux}.part`, 0o755);
  renameSync(`${paths.linux}.part`, paths.linux);
}

/**
 * The headers as programs see them, for test/uapi. ARCH=um exports none; they are its host's.
 *
 * @param {Paths} paths
 */
async function headers(paths) {
  const build = `${paths.build}-headers`;
  await kernelMake({ ...paths, build }, 'preparing the headers', ['ARCH=x86', 'headers']);
  rmSync(paths.include, { recursive: true, force: true });
  cpSync(join(build, 'usr/include'), paths.include, { recursive: true });
  copyFileSync(join(paths.source, 'drivers/iommu/iommufd/iommufd_test.h'), paths.testHeader);
  rmSync(build, { recursive: true, force: true });
}

/** What was only needed to get here. @param {Paths} paths */
function tidy(paths) {
  for (const path of [paths.source, paths.build, paths.downloads, paths.apt])
    rmSync(path, { recursive: true, force: true });
}

/** @type {[name: string, what: string, work: (paths: Paths, progress: Progress) => unknown][]} */
const STEPS = [
  ['download', 'finding the source', (paths, progress) => download(paths, { progress })],
  ['unpack', 'unpacking the source', unpack],
  ['edit', 'editing the source', edit],
  ['configure', 'configuring the kernel', configure],
  ['compile', 'building the kernel', compile],
  ['headers', 'preparing the headers', headers],
  ['tidy', 'removing the source', tidy],
];
/**
 * A step that an earlier one's output goes into is void when that is done again; unpack undoes edit.
 *
 * @param {Paths} paths @param {string} step
 */
const isDone = (paths, step) => existsSync(paths.stamp(step));

export const isBuilt = (paths = labPaths()) => STEPS.every(([step]) => isDone(paths, step)) && existsSync(paths.linux);

/** Process 1 of the guest: built again whenever its source is newer. @param {Paths} paths */
async function buildInit(paths) {
  const source = join(here, 'guest/init.c');
  if (existsSync(paths.init) && statSync(paths.init).mtimeMs >= statSync(source).mtimeMs) return;
  const part = `${paths.init}.${process.pid}`;
  await run('gcc', ['-O2', '-Wall', '-o', part, source], { log: paths.log, what: "building the guest's init" });
  renameSync(part, paths.init);
}

/** @param {Paths} paths */
function needSpace(paths) {
  const fs = statfsSync(paths.directory);
  if (fs.bavail * fs.bsize < NEEDED_BYTES) {
    fail(`${paths.directory} has less than 3 GB free: free some space, or set IOPFTOP_LAB_CACHE to another directory`);
  }
}

/** Builds what is missing. Throws LabError with one clear line if it cannot. */
export async function build(paths = labPaths()) {
  const progress = new Progress();
  try {
    mkdirSync(paths.directory, { recursive: true });
  } catch (error) {
    fail(`cannot create ${paths.directory} (${codeOf(error)}): set IOPFTOP_LAB_CACHE to another directory`);
  }
  try {
    if (!isBuilt(paths)) {
      await needPackages({ progress, log: paths.log });
      needSpace(paths);
      await buildSteps(paths, progress);
    }
    await buildInit(paths);
  } finally {
    progress.done();
  }
}

/** @param {Paths} paths @param {Progress} progress */
async function buildSteps(paths, progress) {
  for (const [i, [step, what, work]] of STEPS.entries()) {
    if (isDone(paths, step)) continue;
    // An edit half done cannot be told from one not done: start from the source again.
    if (step === 'edit' && existsSync(join(paths.source, '.editing'))) await unpack(paths);
    if (step === 'edit') writeFileSync(join(paths.source, '.editing'), '');
    for (const [later] of STEPS.slice(i)) rmSync(paths.stamp(later), { force: true });
    progress.step(`${what} (step ${i + 1} of ${STEPS.length})`);
    await work(paths, progress);
    writeFileSync(paths.stamp(step), '');
  }
}

/** Words for --status. */
export function status(paths = labPaths()) {
  const size = existsSync(paths.root)
    ? spawnSync('du', ['-sh', paths.root], { encoding: 'utf8' }).stdout.split('\t')[0]
    : '0';
  const info = existsSync(paths.info) ? JSON.parse(readFileSync(paths.info, 'utf8')).package : 'none';
  const done = STEPS.filter(([step]) => isDone(paths, step)).map(([step]) => step);
  return [
    `cache    ${paths.directory} (${size} in total)`,
    `source   ${info}`,
    `kernel   ${isBuilt(paths) ? 'built' : `not built (done: ${done.join(', ') || 'nothing'})`}`,
  ].join('\n');
}
