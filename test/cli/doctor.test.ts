// The real program: exit codes, JSON, and what it says to odd arguments.
import { existsSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { doctorSchemaText } from '../../src/cli/doctor/schema.ts';
import { iopftop } from '../helpers/bin.ts';

beforeAll(() => iopftop(['--version']));

const ajv = new Ajv2020({ allowUnionTypes: true });
const validate = ajv.compile(JSON.parse(doctorSchemaText()));
const doctor = (...args: string[]) => iopftop(['doctor', ...args]);

describe('on the simulated machine', () => {
  it.each([
    [[], 0, 'Every link is there.'],
    [['0000:17:00.0'], 0, 'Every link is there.'],
    [['17:00.0', '--no-trial'], 0, 'Every link is there.'],
    [['0000:17:01.0'], 1, 'breaks at device.driver:'],
  ])('%j: exit code %i', async (args, code, said) => {
    const ran = await doctor('--backend', 'mock', ...args);
    expect([ran.code, ran.stderr]).toEqual([code, '']);
    expect(ran.stdout).toContain(said);
  });

  it.each([
    ['doctor'],
    ['doctor', '--json'],
    ['devices'],
    ['devices', '--json'],
    ['--headless', '--device'],
    ['--once', '--device'],
  ])('%s of a device that is not there: the same words and the same exit code', async (...command) => {
    const { code, stderr } = await iopftop([...command, '0000:99:00.0', '--backend', 'mock']);
    const words =
      'there is no device "0000:99:00.0": did you mean 0000:19:00.0? `iopftop devices` lists the devices of this host';
    expect([code, stderr]).toEqual([1, `iopftop: ${words}\n`]);
  });

  it('--json', async () => {
    const { stdout, code } = await doctor('-b', 'mock', '--json', '0000:17:01.0');
    const report = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(validate(report), ajv.errorsText(validate.errors)).toBe(true);
    expect(report).toMatchObject({
      format: 'iopftop-doctor/1',
      mock: true,
      device: '0000:17:01.0',
      result: 'fail',
      firstFailed: 'device.driver',
      devices: null,
    });
    const ids = report.checks.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('on this machine', () => {
  it('without iommufd: says what is missing, and no more', async (context) => {
    if (existsSync('/dev/iommu')) context.skip('this machine has /dev/iommu');
    const { stdout, stderr, code } = await doctor('--json');
    expect([code, stderr]).toEqual([1, '']);
    expect(validate(JSON.parse(stdout)), ajv.errorsText(validate.errors)).toBe(true);
    expect(JSON.parse(stdout)).toMatchObject({ result: 'fail', mock: false });
  });
});

it.each([
  [['--bogus'], 'unknown option --bogus'],
  [['a', 'b'], 'unexpected argument "b"'],
  [['--backend', 'selftest'], '--backend: there is no "selftest"'],
])('%j is a mistake in the arguments', async (args, said) => {
  const { stderr, code } = await doctor(...args);
  expect(stderr).toContain(said);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});
