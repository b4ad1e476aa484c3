import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS, type Command } from '../../../src/cli/commands.ts';
import { handedTo, withoutOurs } from '../../../src/cli/exec/environment.ts';
import { parseCall } from '../../../src/cli/parse.ts';

const device = (address: string, fd: number, devId: number) => ({ address, fd, devId, hwptId: devId + 10 });

test('the iommufd is 3, the devices follow, and the first has variables of its own', () => {
  const devices = [device('0000:17:00.0', 21, 3), device('0000:18:00.0', 25, 5)];
  expect(handedTo({ iommufd: 19, ioasId: 1, faultId: 2, devices })).toEqual({
    fds: [19, 21, 25],
    env: {
      IOPFTOP_IOMMUFD: '3',
      IOPFTOP_IOAS_ID: '1',
      IOPFTOP_FAULT_ID: '2',
      IOPFTOP_DEVICES: '0000:17:00.0:4:3:13,0000:18:00.0:5:5:15',
      IOPFTOP_DEVICE_FD: '4',
      IOPFTOP_DEVICE_ID: '3',
      IOPFTOP_HWPT_ID: '13',
    },
  });
});

test('what an iopftop around this one has set is not passed on', () => {
  expect(withoutOurs({ IOPFTOP_IOMMUFD: '3', IOPFTOP_DEVICES: 'x', IOPFTOP_KERNEL: 'linux', HOME: '/' })).toEqual({
    IOPFTOP_KERNEL: 'linux',
    HOME: '/',
  });
});

test('only devices of this host have descriptors', () => {
  const exec = COMMANDS.find(({ words }) => words[0] === 'exec') as Command;
  const call = (...args: string[]) => parseCall(exec, ['exec', ...args, '--', 'true']).given;
  expect(() => call('--backend', 'mock')).toThrow(' mock: the descriptors of simulated devices are simulated');
  expect(() => call('--backend=selftest')).toThrow('--backend selftest: selftest devices have no descriptors');
  expect(call('--backend', 'host')).toEqual({ backend: 'host' });
  const offered = exec.options.flatMap(({ name, choices = [], describe }) => [name, ...choices, describe]);
  expect(offered.filter((text) => /^(scenario|seed|rate|mock|selftest)$|--backend mock|selftest/.test(text))).toEqual(
    [],
  );
});

test('the page about it names each variable', () => {
  const page = readFileSync(new URL('../../../docs/exec.md', import.meta.url), 'utf8');
  const { env } = handedTo({ iommufd: 3, ioasId: 1, faultId: 2, devices: [device('a', 4, 1)] });
  for (const name of Object.keys(env)) expect(page).toContain(`\`${name}\``);
});
