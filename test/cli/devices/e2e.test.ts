// The real program, on the simulated machine and on this one.
import { beforeAll, describe, expect, it } from 'vitest';
import { iopftop } from '../../helpers/bin.ts';

beforeAll(() => iopftop(['--version']));

describe('iopftop devices', () => {
  it('prints a table', async () => {
    const { stdout, stderr, code } = await iopftop(['devices', '--backend', 'mock']);
    expect([stderr, code]).toEqual(['', 0]);
    expect(stdout).toMatch(
      /^iopftop devices: MOCK, a simulated host\n\nDEVICE .*VERDICT\n0000:17:00\.0 .*APR .*ready\n/,
    );
    expect(stdout).not.toContain('\u001b');
  });

  it('prints all of one device', async () => {
    const { stdout, code } = await iopftop(['devices', '17:00.0', '-b', 'mock']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^iopftop devices: MOCK, a simulated host\n\n0000:17:00\.0 {2}Intel Corporation/);
  });

  it('prints JSON, of all or of one', async () => {
    const all = JSON.parse((await iopftop(['devices', '--json', '--backend=mock'])).stdout);
    expect(all).toMatchObject({ format: 'iopftop-devices/1', devices: expect.any(Array) });
    const one = JSON.parse((await iopftop(['devices', 'vfio0', '--json', '--backend=mock'])).stdout);
    expect(one.devices).toMatchObject([{ vfio: { name: 'vfio0' } }]);
    expect(all.devices).toContainEqual(one.devices[0]);
  });

  it('looks at this machine, whatever it has', async () => {
    const { stdout, stderr, code } = await iopftop(['devices']);
    expect([stderr, code]).toEqual(['', 0]);
    expect(stdout).toMatch(/^(DEVICE .*VERDICT|No device here has an IOMMU group\.)\n/);
    expect(JSON.parse((await iopftop(['devices', '--json'])).stdout).format).toBe('iopftop-devices/1');
  });
});

describe('wrong arguments', () => {
  it.each([
    [
      ['devices', '17:07.0', '-b', 'mock'],
      1,
      /^iopftop: there is no device "17:07\.0": did you mean .*`iopftop devices`/,
    ],
    [['devices', '\u001b[2J', '-b', 'mock'], 1, /there is no device "\\u001b\[2J"/],
    [['devices', 'a', 'b'], 2, /unexpected argument "b"/],
    [['devices', '--backend', 'selftest'], 2, /there is no "selftest"/],
    [['devices', '--bogus'], 2, /unknown option --bogus/],
  ])('%j', async (args, wanted, said) => {
    const { stdout, stderr, code } = await iopftop(args);
    expect(stdout).toBe('');
    expect(stderr).toMatch(said);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(wanted);
  });
});

it.each([
  ['17:00.0', 0],
  ['6a:01.0', 1],
  ['19:00.0', 1],
])('`devices %s` ends with %i, as `doctor` does', async (address, wanted) => {
  for (const args of [
    ['devices', address],
    ['devices', address, '--json'],
    ['doctor', address],
  ]) {
    expect((await iopftop([...args, '-b', 'mock'])).code).toBe(wanted);
  }
});
