// The program with --device on the real kernel: devices that fault, one that cannot, and what keeps it from starting.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BIN, iopftop, type Line, type Ran, run } from '../helpers/bin.ts';
import { messageProblem } from '../helpers/schema.ts';
import { Running } from './running.ts';

const MTTY = '/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1';
const UUID = '83b8f4f2-509f-382f-3c1e-e6bfe0fa1003';
const BRIEF = ['--headless', '--config', 'none', '--duration', '100ms'];

// A stale clone builds at the first start, which says so on stderr.
beforeAll(() => iopftop(['--version']), 60_000);
beforeEach((ctx) => {
  if (process.env.IOPFTOP_KERNEL !== 'linux') ctx.skip('this is for the lab: npm run test:kernel');
});

const ofType = (lines: Line[], type: string): Line[] => lines.filter((line) => line.type === type);
const problems = ({ lines }: Ran) => lines.map(messageProblem).filter((problem) => problem !== null);

/** Commands on stdin, one after another. */
const told = (args: string[], ...commands: object[]): Promise<Ran> =>
  iopftop([...args, '--headless'], {
    input: [...commands, { cmd: 'quit' }].map((c) => `${JSON.stringify(c)}\n`).join(''),
  });

/** Runs the program in a shell that has given something up before. */
const shell = (before: string, prefix: string, args: string): Promise<Ran> =>
  run('/bin/bash', ['-c', `${before}exec ${prefix} "$NODE" "$BIN" ${args}`], {
    env: { ...process.env, XDG_CONFIG_HOME: '/nonexistent', NODE: process.execPath, BIN },
  });

describe('devices that fault', () => {
  it('says what it has, and does as it is told', async () => {
    const devId = 3;
    const held = new Running(['--device', 'vfio1', '--pasid', '5', '--iova', '0x10000000+64K', '--headless']);
    const fault = (pasid: number | null) => held.message((m) => m.type === 'fault' && m.pasid === pasid);
    const change = (kind: string) => held.message((m) => m.type === 'attachment' && m.change === kind);
    held.tell({ cmd: 'trigger', devId, addr: '0x10000000' });
    held.tell({ cmd: 'respond', group: (await fault(null)).group, code: 'success' });
    held.tell({ cmd: 'trigger', devId, pasid: 5, count: 2 });
    await fault(5);
    held.tell({ cmd: 'replace', devId, hwpt: 'new-nested' });
    await change('replaced');
    held.tell({ cmd: 'trigger', devId, pasid: 9 });
    await fault(9);
    held.tell({ cmd: 'attach', devId, pasid: 6, hwpt: 'new-paging' });
    await change('attached');
    held.tell({ cmd: 'trigger', devId, pasid: 6 });
    await fault(6);
    held.tell({ cmd: 'detach', devId, pasid: 5 });
    await change('detached');
    held.tell({ cmd: 'quit' });
    expect([await held.ended, held.stderr.all]).toEqual([3, []]);
    const lines = held.stdout.all.map((line) => JSON.parse(line));
    expect(lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
    expect(lines[0]).toMatchObject({
      target: { kind: 'host', mock: false, label: 'iommufd_mock1' },
      abilities: { answer: true, attach: true, map: true, trigger: true, owner: false, hold: true },
      handles: { devices: [{ address: 'iommufd_mock1', devId }] },
    });
    expect(ofType(lines, 'auto-responded').map(({ pasid, groups }) => [pasid, groups])).toEqual([[5, [2, 3]]]);
    expect(lines.at(-1)).toMatchObject({
      counters: { faults: 5, success: 1, auto: 2, pending: 2, refused: 0 },
      outstanding: { groups: 2, plan: 'hold' },
    });
  });

  it('leaves the devices free, whether it ends by itself or is killed', async () => {
    for (let i = 0; i < 2; i++) {
      const held = new Running(['--device', 'vfio0', '--device', 'vfio1', '--headless']);
      await held.message(({ type }) => type === 'snapshot');
      const second = await iopftop(['--device', 'vfio0', ...BRIEF]);
      expect([second.code, second.stderr]).toEqual([
        1,
        `iopftop: iommufd_mock0 is in use: node (PID ${held.child.pid}) has /dev/vfio/devices/vfio0 open (EINVAL): watch it with \`iopftop --pid ${held.child.pid}\`, or end it\n`,
      ]);
      held.child.kill(i === 0 ? 'SIGTERM' : 'SIGKILL');
      await held.ended;
      expect((await iopftop(['--device', 'vfio0', ...BRIEF])).code).toBe(0);
    }
  });

  it('shows one device in one snapshot', async () => {
    const ran = await iopftop(['--device', 'vfio0', '--once', '--duration', '50ms']);
    expect([ran.stderr, ran.code]).toEqual(['', 0]);
    expect(ran.stdout).toContain('iommufd_mock0');
  });
});

describe('a device that cannot fault', () => {
  beforeEach((ctx) => {
    if (!existsSync(MTTY)) ctx.skip('this kernel has no mtty');
    writeFileSync(`${MTTY}/create`, UUID);
    return () => writeFileSync(`/sys/bus/mdev/devices/${UUID}/remove`, '1');
  });

  it('is refused, with what can be done', async () => {
    const { code, stderr } = await iopftop(['--device', UUID, ...BRIEF]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /cannot fault: IOMMU_GET_HW_INFO \(device 3\): ENOENT, .*: no IOMMU translates for it: .*; --without-faults attaches it anyway/,
    );
  });

  it('is attached without a fault object, and says so', async () => {
    const [vfio] = readdirSync(`/sys/bus/mdev/devices/${UUID}/vfio-dev`);
    const ran = await told(
      ['--device', vfio!, '--without-faults'],
      { cmd: 'trigger', devId: 3 },
      { cmd: 'attach', devId: 3, pasid: 4, hwpt: 1 },
    );
    expect([ran.code, problems(ran)]).toEqual([0, []]);
    expect(ofType(ran.lines, 'snapshot')[0].devices).toMatchObject([
      {
        name: UUID,
        note: expect.stringMatching(/^cannot fault: no IOMMU translates for it/),
        attachments: [{ faultId: null, handler: 'nobody' }],
      },
    ]);
    expect(ofType(ran.lines, 'notice')).toMatchObject([{ what: 'faultless', device: UUID }]);
    expect(ofType(ran.lines, 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining(`${UUID} cannot fault: no IOMMU translates for it`),
      expect.stringContaining(`(${UUID}, PASID 4): EOPNOTSUPP, the driver cannot attach PASIDs`),
    ]);
    expect(ofType(ran.lines, 'summary')).toHaveLength(1);
  });

  it('beside one that can', async () => {
    const ran = await told(['--device', 'vfio0', '--device', UUID, '--without-faults'], { cmd: 'trigger', devId: 3 });
    expect(ran.lines[0].target.label).toBe('2 devices');
    expect(ofType(ran.lines, 'fault')).toHaveLength(1);
  });
});

describe('what keeps it from starting', () => {
  it.each<[string, () => Promise<Ran>, RegExp]>([
    [
      'no such device',
      () => iopftop(['--device', 'vfio9', ...BRIEF]),
      /^iopftop: there is no device "vfio9": did you mean vfio\d\? /,
    ],
    [
      'a PASID where there are none',
      () => iopftop(['--device', 'vfio0', '--pasid', '5', ...BRIEF]),
      /iommufd_mock0, PASID 5\): EINVAL/,
    ],
    [
      'ranges that overlap',
      () => iopftop(['--device', 'vfio0', '--iova', '0+8K', '--iova', '4K+4K', ...BRIEF]),
      /IOMMU_IOAS_MAP .*: EEXIST, part of the range is already mapped/,
    ],
    ['nothing: --bind of a device that VFIO has', () => iopftop(['--device', 'vfio0', '--bind', ...BRIEF]), /^$/],
    [
      'RLIMIT_MEMLOCK',
      () =>
        shell(
          'ulimit -l 64; ',
          'setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock',
          `--device vfio0 --iova 0x10000000+2M ${BRIEF.join(' ')}`,
        ),
      /ENOMEM, out of memory, or over the locked memory limit \(RLIMIT_MEMLOCK\): raise it with `ulimit -l unlimited`/,
    ],
  ])('%s', async (_, start, message) => {
    const { code, stderr } = await start();
    expect(stderr).toMatch(message);
    expect(code).toBe(stderr === '' ? 0 : 1);
  });
});
