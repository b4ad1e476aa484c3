// The program as it is bundled, except its worker, which counts and can be flooded.
import { join } from 'node:path';
import { folderOfEsModules } from '../../../scripts/lib/es-modules.mjs';
import { checkout } from '../../paths.mjs';

const REQUIRE = `import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`;

/**
 * Bundles into `outdir`, which is inside the checkout; returns the program's entry and what --import takes.
 *
 * @param {string} outdir
 */
export async function buildScreen(outdir) {
  const esbuild = await import('esbuild');
  folderOfEsModules(outdir);
  await esbuild.build({
    absWorkingDir: checkout,
    entryPoints: {
      main: 'src/main.ts',
      worker: 'test/bench/screen-worker.ts',
      preload: 'test/bench/preload.ts',
    },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    jsx: 'automatic',
    minifySyntax: true,
    banner: { js: REQUIRE },
    external: ['koffi', 'react-devtools-core'],
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"', IOPFTOP_VERSION: '"bench"' },
    logLevel: 'error',
  });
  return { main: join(outdir, 'main.js'), preload: join(outdir, 'preload.js') };
}
