// The harness as the bundler makes the program: production React, split.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const REQUIRE = `import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`;

export interface Harness {
  /** Shell command that runs it; what to play is its argument. */
  command: string;
  remove(): void;
}

export async function bundleHarness(): Promise<Harness> {
  const outdir = mkdtempSync(join(tmpdir(), 'iopftop-e2e-'));
  await esbuild.build({
    entryPoints: [fileURLToPath(new URL('harness.ts', import.meta.url))],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    minifySyntax: true,
    banner: { js: REQUIRE },
    external: ['react-devtools-core'],
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    logLevel: 'silent',
  });
  return {
    command: `${process.execPath} ${join(outdir, 'harness.mjs')}`,
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}
