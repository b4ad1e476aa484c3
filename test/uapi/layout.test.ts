// Every size, offset, number and flag of src/uapi, against the kernel's own headers by way of the C compiler.
import { expect, test } from 'vitest';
import { headers, judge } from './judge.ts';
import { probes } from './probes.ts';

test('the tables are what the kernel headers say', { timeout: 120_000 }, (ctx) => {
  const found = headers();
  if ('missing' in found) {
    process.stdout.write(`uAPI layout test skipped: ${found.missing}\n`);
    return ctx.skip(found.missing);
  }
  const asked = probes();
  const said = judge(found.include, asked);
  const wrong = asked.flatMap(({ c, expected, is }, i) => {
    const value = said[i] as bigint;
    const right = is === 'least' ? expected <= value : expected === value;
    return right ? [] : [`${c} is ${value}; the table says ${expected}`];
  });
  expect(wrong).toEqual([]);
  expect(said).toHaveLength(asked.length);
});

test('no struct, number or flag goes unasked', () => {
  const names = probes().map(({ c }) => c);
  expect(names.length).toBeGreaterThan(200);
  expect(names).toContain('offsetof(struct iommu_test_cmd, trigger_iopf.addr)');
  expect(names).toContain('VFIO_DEVICE_DETACH_IOMMUFD_PT');
});
