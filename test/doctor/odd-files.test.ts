// Files that vanish while they are read, refuse, or say nonsense: something is not known then, and nothing is thrown.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { examine } from '../../src/doctor/report.ts';
import type { Files } from '../../src/kernel/files.ts';
import { type Kernel, KernelRefusal } from '../../src/kernel/kernel.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { standIn } from '../helpers/stand-in.ts';
import { kernelOf } from './host-of.ts';

/** The same kernel; `answer` is asked before each of its files. */
function withFiles(kernel: Kernel, answer: (method: string, real: () => unknown) => unknown): Kernel {
  const files = new Proxy(kernel.files, {
    get: (target, method: keyof Files) => {
      return (...args: unknown[]) => answer(method, () => Reflect.apply(target[method], target, args));
    },
  });
  return standIn(kernel, { files });
}

const RESULTS = ['pass', 'fail', 'unknown'];
const DEVICES = [null, '0000:17:00.0'];
const REFUSALS = [Errno.ENOENT, Errno.ENODEV, Errno.EACCES, Errno.EIO, Errno.EMFILE] as const;

it('any file may vanish or be refused', () => {
  const property = fc.property(
    fc.constantFrom(...DEVICES),
    fc.constantFrom(...REFUSALS),
    fc.integer({ min: 0, max: 3_000 }),
    fc.integer({ min: 1, max: 40 }),
    (device, errno, from, length) => {
      let count = 0;
      const kernel = withFiles(kernelOf(), (method, real) => {
        count++;
        if (count > from && count <= from + length) throw new KernelRefusal(method, errno);
        return real();
      });
      expect(RESULTS).toContain(examine(kernel, device, true).result);
    },
  );
  fc.assert(property, { numRuns: 30 });
});

it('any file may say anything', () => {
  const property = fc.property(
    fc.constantFrom(...DEVICES),
    fc.uint8Array({ maxLength: 300 }),
    fc.integer({ min: 1, max: 7 }),
    (device, bytes, every) => {
      let count = 0;
      const kernel = withFiles(kernelOf(), (method, real) => {
        return method === 'read' && count++ % every === 0 ? bytes : real();
      });
      expect(RESULTS).toContain(examine(kernel, device, true).result);
    },
  );
  fc.assert(property, { numRuns: 30 });
});

it('a machine without any files', () => {
  const nothing = withFiles(kernelOf({}, { absent: true }), (method) => {
    throw new KernelRefusal(method, Errno.ENOENT);
  });
  const report = examine(nothing, null, true);
  expect([report.result, report.kernel]).toEqual(['fail', '']);
});
