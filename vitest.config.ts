import { configDefaults, defineConfig } from 'vitest/config';

// These need a real kernel with fault objects: `npm run test:kernel` runs them inside the lab.
const labOnly = process.env.IOPFTOP_KERNEL === 'linux' ? [] : ['test/lab-kernel/**'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...labOnly],
    testTimeout: 30_000,
  },
});
