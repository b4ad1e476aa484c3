import { describe, expect, it } from 'vitest';
import { type Check, check, fail, pass, unknown } from '../../src/doctor/check.ts';
import { runChecks } from '../../src/doctor/run.ts';
import { IommufdError } from '../../src/iommufd/error.ts';
import { KernelRefusal } from '../../src/kernel/kernel.ts';
import { Errno } from '../../src/uapi/errno.ts';

const link = (id: string, look: () => ReturnType<typeof pass>, rest: Partial<Check<null>> = {}): Check<null> => ({
  ...check<null>(id, id, 'because', look),
  ...rest,
});
const run = (...checks: Check<null>[]) => runChecks([{ name: 'all', checks }], null);
const states = (...checks: Check<null>[]) => run(...checks).map(({ state, because }) => [state, because]);

describe('runChecks', () => {
  it('skips what stands on a failed check, and says which, through any number of others', () => {
    const results = states(
      link('a', () => fail('x')),
      link('b', () => pass(''), { after: ['a'] }),
      link('c', () => pass(''), { after: ['b'] }),
      link('d', () => pass('')),
    );
    expect(results).toEqual([
      ['fail', null],
      ['skipped', 'a'],
      ['skipped', 'a'],
      ['pass', null],
    ]);
  });

  it('goes on after what is not known', () => {
    expect(
      states(
        link('a', () => unknown('')),
        link('b', () => pass(''), { after: ['a'] }),
      )[1],
    ).toEqual(['pass', null]);
  });

  it('what does not apply says so whatever has failed, and nothing is skipped for it', () => {
    const results = run(
      link('a', () => fail('')),
      link('b', () => pass(''), { after: ['a'], unless: () => 'not here' }),
      link('c', () => pass(''), { after: ['b'] }),
    );
    expect(results.map(({ state, seen, because }) => [state, seen, because])).toEqual([
      ['fail', '', null],
      ['skipped', 'not here', null],
      ['pass', '', null],
    ]);
  });

  it('stands on results of before, too', () => {
    const before = run(link('a', () => fail('')));
    const after = runChecks([{ name: 'more', checks: [link('b', () => pass(''), { after: ['a'] })] }], null, before);
    expect(after.map(({ id, state, because }) => [id, state, because])).toEqual([['b', 'skipped', 'a']]);
  });

  it.each([
    ['a file that vanishes while it is read', new KernelRefusal('read', Errno.ENODEV), /^read: ENODEV/],
    ['a refused system call', new IommufdError('IOMMU_IOAS_ALLOC', Errno.ENOMEM, ''), /^IOMMU_IOAS_ALLOC: ENOMEM/],
  ])('%s makes it unknown', (_what, error, seen) => {
    const [result] = run(
      link('a', () => {
        throw error;
      }),
    );
    expect(result!.state).toBe('unknown');
    expect(result!.seen).toMatch(seen);
  });

  it('a mistake of ours is no finding', () => {
    const broken = link('a', () => {
      throw new TypeError('oops');
    });
    expect(() => run(broken)).toThrow(TypeError);
  });
});
