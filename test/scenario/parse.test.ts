import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/parse.ts';
import { ScenarioError } from '../../src/scenario/table.ts';

const HEAD = 'name = "s"\ndescription = "d"\n';
const scenario = (device: string, workload: string, rest = ''): string =>
  `${HEAD}[[device]]\nname = "dev"\n${device}\n[[device.workload]]\n${workload}\n${rest}`;
const STEADY = 'kind = "steady"\nrate = 5';
const parse = (text: string) => parseScenario(text, 's.toml');

describe('parseScenario', () => {
  it('fills in what is not said', () => {
    const [device] = parse(scenario('', STEADY)).devices;
    expect(device).toMatchObject({ pasid: false, hwpt: 'paging', credits: 32, resolve: 'guest', timeout: null });
    expect(device?.workloads[0]).toMatchObject({ start: 0n, perms: [1, 2], pasids: [0], groupPages: [1, 1] });
  });

  it('reads every key', () => {
    const text = scenario(
      'pasid = true\npasids = [3, 4]\ncredits = 2\nresolve = "mapped"\nretry_delay = "5us"\npause = "2s"\n' +
        'timeout = "1m"\non_timeout = "reset"',
      'kind = "burst"\nstart = "1.5s"\nevery = "3s"\ncount = 9\npages = 10\ngroup_pages = [1, 3]\n' +
        'base = 0x2000_0000\nperms = ["read+write"]\npasids = [3]\ngrpid = "rotate"',
      '[[event]]\nat = "5s"\naction = "detach"\ndevice = "dev"\npasid = 4\nevery = "1s"',
    );
    const { devices, events } = parse(text);
    expect(devices[0]).toMatchObject({ retryDelay: 5000n, timeout: 60_000_000_000n, onTimeout: 'reset', credits: 2 });
    expect(devices[0]?.workloads[0]).toEqual({
      kind: 'burst',
      start: 1_500_000_000n,
      rate: 0,
      every: 3_000_000_000n,
      count: 9,
      pages: 10,
      groupPages: [1, 3],
      base: 0x2000_0000n,
      perms: [3],
      pasids: [3],
      grpid: 'rotate',
    });
    expect(events).toEqual([{ at: 5_000_000_000n, action: 'detach', device: 'dev', pasid: 4, every: 1_000_000_000n }]);
  });

  it('keeps workloads without a base apart', () => {
    const { devices } = parse(scenario('', `${STEADY}\n[[device.workload]]\n${STEADY}`));
    const [a, b] = devices[0]?.workloads ?? [];
    expect((b?.base ?? 0n) - (a?.base ?? 0n)).toBe(0x100_0000n);
  });

  it.each([
    ['name = ', /^s\.toml: line 1, column \d+: /],
    [HEAD, 's.toml: device: is missing; there must be at least one [[device]]'],
    [`${HEAD}[[device]]\nname = "dev"`, 's.toml: device[0].workload: is missing'],
    [`${HEAD}device = 3`, 's.toml: device: must be tables, written [[device]], got 3'],
    [scenario('', 'kind = "stedy"'), 's.toml: device[0].workload[0].kind: must be one of "steady", "burst", "stuck"'],
    [scenario('', 'kind = "steady"'), 'workload[0].rate: is missing; a number from 0.001 to 1000000'],
    [scenario('', 'kind = "steady"\nrate = "fast"'), 'workload[0].rate: must be a number'],
    [scenario('', 'kind = "stuck"\nrate = 5'), 'workload[0].rate: is not a known key; use one of base, count, every'],
    [scenario('creditz = 3', STEADY), 'device[0].creditz: is not a known key; use one of credits'],
    [scenario('credits = 1.5', STEADY), 'device[0].credits: must be a whole number from 1 to 512, got 1.5'],
    [scenario('timeout = 5', STEADY), 'device[0].timeout: must be a duration such as "200ms"'],
    [scenario('pasid = "yes"', STEADY), 'device[0].pasid: must be true or false, got "yes"'],
    [scenario('pasids = [1]', STEADY), 'device[0].pasids: needs pasid = true'],
    [scenario('sva = [1]', STEADY), 'device[0].sva: needs pasid = true'],
    [scenario('pasid = true\npasids = [1]\nsva = [2, 1]', STEADY), 'device[0].sva: 1 is also in `pasids`'],
    [scenario('pasid = true\nsva = [0]', STEADY), 'device[0].sva: must be a list of whole numbers from 1'],
    [scenario('pasid = true\npasids = [1, 1]', STEADY), 'device[0].pasids: must be a list of whole numbers'],
    [scenario('', `${STEADY}\npasids = [5]`), 'workload[0].pasids: needs pasid = true on the device'],
    [
      scenario('pasid = true\npasids = [1]', `${STEADY}\npasids = [5]`),
      'workload[0].pasids: 5 is not among the PASIDs that the device attaches (1)',
    ],
    [scenario('', 'kind = "pasid-storm"\nrate = 1'), 'workload[0].pasids: must name at least one PASID'],
    [scenario('', `${STEADY}\nperms = ["rw"]`), 'workload[0].perms: "rw" is unknown; use read, write, exec, priv'],
    [scenario('', `${STEADY}\nbase = 5`), 'workload[0].base: must be a multiple of 4096'],
    [scenario('', `${STEADY}\nbase = "here"`), 'workload[0].base: must be an address'],
    [scenario('', `${STEADY}\ngroup_pages = [2, 4, 8]`), 'group_pages: must be [number] or [fewest, most]'],
    [scenario('', `${STEADY}\ngroup_pages = [4, 2]`), 'group_pages: must be [number] or [fewest, most]'],
    [
      scenario('', `${STEADY}\npages = 4\ngroup_pages = [1, 5]`),
      'workload[0].group_pages: is up to 5 pages, but the workload has only 4 (pages)',
    ],
    ...['hang', 'abandon', 'reset'].map((what): [string, string] => [
      scenario(`on_timeout = "${what}"`, STEADY),
      's.toml: device[0].on_timeout: has no effect without timeout: such a device waits for ever',
    ]),
    [
      scenario('', STEADY, '[[event]]\nat = "1s"\naction = "detach"\ndevice = "other"'),
      's.toml: event[0].device: must be one of "dev", got "other"',
    ],
    [
      scenario('', STEADY, '[[event]]\nat = "1s"\naction = "detach"\ndevice = "dev"\npasid = 3'),
      's.toml: event[0].pasid: must be a PASID that the device attaches (), got 3',
    ],
    [
      scenario('', STEADY, '[[device]]\nname = "dev"\n[[device.workload]]\nkind = "stuck"'),
      's.toml: device[1].name: "dev" is already the name of another device',
    ],
    [`${scenario('', STEADY)}\n[extra]`, 's.toml: extra: is not a known key; use one of description, device, event'],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(ScenarioError);
    expect(() => parse(text)).toThrow(message);
  });
});
