import { configDefaults, defineConfig } from 'vitest/config';

// These need a real kernel with fault objects: `npm run test:kernel` runs them inside the lab.
const inLab = process.env.IOPFTOP_KERNEL === 'linux';
const labOnly = inLab ? [] : ['test/lab-kernel/**'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...labOnly],
    // In the lab, on one CPU for all, programs take ten times as long to start.
    testTimeout: inLab ? 120_000 : 30_000,
  },
});
