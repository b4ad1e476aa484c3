// The harness as the bundler makes the program: production React, split.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

const REQUIRE = `import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`;

export interface Harness {
  /** Shell command that runs it; what to play is its argument. */
  readonly command: string;
}

/** Made before the tests of the file, and removed after them. */
export function bundledHarness(): Harness {
  let folder = '';
  beforeAll(async () => {
    folder = await bundle();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    get command() {
      return `${process.execPath} ${join(folder, 'harness.mjs')}`;
    },
  };
}

/** The folder that it is in. */
async function bundle(): Promise<string> {
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
  return outdir;
}
