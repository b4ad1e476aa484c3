import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from '../helpers/bin.ts';
import type { Report } from './run.ts';

const OUT = join(ROOT, 'dist', 'differential');

/** Bundles the run and runs it; its log of a difference is in the report. Throws where it ends otherwise than in order. */
export async function runBundled(calls: number, seed: number): Promise<Report> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['test/differential/run.ts'],
    outdir: OUT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['koffi'],
    sourcemap: true,
    logLevel: 'error',
  });
  const args = [join(OUT, 'run.js'), `${calls}`, `${seed}`];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1e9, cwd: ROOT }));
}
