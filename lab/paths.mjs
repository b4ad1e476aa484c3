// Where the lab keeps what it makes: outside the repository, one folder for each set of edits and configuration.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { edits } from './kernel/edits.mjs';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const checkout = fileURLToPath(new URL('..', import.meta.url));

/** Series of the kernel that the edits are known to fit, tried in this order before any other 7.x. */
export const TRIED_SERIES = ['7.2'];

/** The lines that the kernel's configuration must have in the end. */
export const configLines = () =>
  readFileSync(join(here, 'kernel/config'), 'utf8')
    .split('\n')
    .filter((line) => line.trim());

/** @param {NodeJS.ProcessEnv} [env] */
export function cacheRoot(env = process.env) {
  return env.IOPFTOP_LAB_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'iopftop', 'lab');
}

/** Twelve hex digits that change when another kernel has to be built. */
export function buildKey() {
  const text = JSON.stringify({ series: TRIED_SERIES, edits, config: configLines(), arch: arch() });
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** @param {NodeJS.ProcessEnv} [env] */
export function labPaths(env = process.env) {
  const root = cacheRoot(env);
  const directory = join(root, `um-${buildKey()}`);
  return {
    root,
    directory,
    downloads: join(root, 'download'),
    apt: join(root, 'apt'),
    source: join(directory, 'source'),
    build: join(directory, 'build'),
    /** Finished things that stay. */
    linux: join(directory, 'linux'),
    init: join(directory, 'init'),
    include: join(directory, 'include'),
    testHeader: join(directory, 'iommufd_test.h'),
    info: join(directory, 'lab.json'),
    log: join(directory, 'build.log'),
    /** @param {string} step */
    stamp: (step) => join(directory, `.done-${step}`),
  };
}
