import { configDefaults, defineConfig } from 'vitest/config';

// These need a real kernel with fault objects: `npm run test:kernel` runs them inside the lab.
const inLab = process.env.IOPFTOP_KERNEL === 'linux';
const labOnly = inLab ? [] : ['test/lab-kernel/**'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...labOnly],
    // It ends what hangs, and measures nothing: in the lab, and beside it, programs take ten times as long to start.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // ES modules that are made for bundlers: Node itself does not find what they import.
    server: { deps: { inline: ['jsonc-parser'] } },
  },
});
