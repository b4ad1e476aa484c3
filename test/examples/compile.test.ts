// Each example compiles without a warning, and says how it is used.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Built, build, EXAMPLES, missing } from './built.ts';

const why = missing();
let built: Built | null = null;

beforeAll(() => {
  if (why === null) built = build();
}, 60_000);
afterAll(() => built?.remove());

for (const name of EXAMPLES) {
  it(name, (ctx) => {
    if (built === null) {
      process.stdout.write(`${name} is not compiled: ${why}\n`);
      return ctx.skip(why ?? '');
    }
    const { status, stderr } = spawnSync(built.path(name), [], { encoding: 'utf8', env: {} });
    expect(status).toBe(2);
    expect(stderr).toMatch(name === 'exec-driver' ? /^IOPFTOP_IOMMUFD is not set/ : new RegExp(`^usage: ${name} `));
  });
}
