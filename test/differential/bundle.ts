import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { folderOfEsModules } from '../../scripts/lib/es-modules.mjs';
import { ROOT } from '../helpers/bin.ts';
import type { Report } from './run.ts';

const OUT = join(ROOT, 'dist', 'differential');

/** Bundles a program of this folder; resolves with its path. */
export async function bundled(name: 'run' | 'play-mutants'): Promise<string> {
  folderOfEsModules(OUT);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`test/differential/${name}.ts`],
    outdir: OUT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['koffi'],
    sourcemap: true,
    logLevel: 'error',
  });
  return join(OUT, `${name}.js`);
}

/** Runs it; the log of a difference is in its report. Throws where it ends otherwise than in order. */
export async function runBundled(calls: number, seed: number): Promise<Report> {
  const args = [await bundled('run'), `${calls}`, `${seed}`];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1e9, cwd: ROOT }));
}
