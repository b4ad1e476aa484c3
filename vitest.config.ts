import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

// These need a real kernel with fault objects: `npm run test:kernel` runs them inside the lab.
const inLab = process.env.IOPFTOP_KERNEL === 'linux';
const labOnly = inLab ? [] : ['test/lab-kernel/**'];

/** Their tests start no program and leave nothing behind in their process: their files share it, and what they import. */
const SHARING = [
  'contract',
  'doctor',
  'engine',
  'host',
  'iommufd',
  'kernel',
  'process',
  'protocol',
  'scenario',
  'sources',
  'terminal',
  'text',
  'uapi',
  'ui',
].map((folder) => `test/${folder}/**/*.test.{ts,tsx}`);
const EXCLUDED = [...configDefaults.exclude, ...labOnly];

export default defineConfig({
  test: {
    // It ends what hangs, and measures nothing: in the lab, and beside it, programs take ten times as long to start.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // vitest keeps one core for itself, and would run one file at a time on two. Many files wait for programs that they start.
    // CI has the lab beside it.
    maxWorkers: Number(process.env.IOPFTOP_TEST_WORKERS) || availableParallelism(),
    tags: [
      {
        name: 'long',
        description: 'Left out by `npm test` alone, not by `npm test -- --all` and where a file or folder is named',
      },
    ],
    // ES modules that are made for bundlers: Node itself does not find what they import.
    server: { deps: { inline: ['jsonc-parser'] } },
    projects: [
      // On the real kernel, what a file has left open ends with its process.
      { extends: true, test: { name: 'sharing', include: SHARING, exclude: EXCLUDED, isolate: inLab } },
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.{ts,tsx}'], exclude: [...EXCLUDED, ...SHARING] },
      },
    ],
  },
});
