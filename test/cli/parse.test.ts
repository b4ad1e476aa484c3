import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { engineOptions } from '../../src/cli/engine-options.ts';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { helpText } from '../../src/cli/help.ts';
import { TABLE } from '../../src/cli/options.ts';
import { parse } from '../../src/cli/parse.ts';
import { firstLook } from '../../src/cli/plain.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { parseDuration, parseSocketPath } from '../../src/cli/values.ts';
import { DEFAULT_ALARMS } from '../../src/engine/options.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-parse-'));
afterAll(() => rmSync(directory, { recursive: true }));

const problem = (line: string): string => {
  try {
    parse(line.split(' '));
  } catch (error) {
    if (error instanceof UsageError) return `${error.message}: ${error.hint}`;
    throw error;
  }
  throw new Error(`${line} was taken`);
};

describe('parse', () => {
  it('gives what was written, each as what it is', () => {
    expect(parse('-s stuck --seed 0x10 --rate=2.5 --virtual-time -n 5 --idle 1.5s --headless'.split(' '))).toEqual({
      scenario: 'stuck',
      seed: 16,
      rate: 2.5,
      'virtual-time': true,
      count: 5,
      idle: 1500,
      headless: true,
    });
  });

  it('takes nothing for nothing', () => {
    expect(parse([])).toEqual({});
  });

  it('keeps a file name that looks like a number, or begins with a dash after =', () => {
    expect(parse(['--rules', '007'])).toEqual({ rules: '007' });
    expect(parse(['--journal=-x'])).toEqual({ journal: '-x' });
  });

  it.each([
    ['--sceanrio stuck', 'unknown option --sceanrio: did you mean --scenario?'],
    ['--head', 'unknown option --head: did you mean --headless?'],
    ['--frobnicate', 'unknown option --frobnicate: see iopftop --help'],
    ['--no-pasid', 'unknown option --no-pasid: did you mean --pasid?'],
    ['-z', 'unknown option -z'],
    ['stuck', 'unexpected argument "stuck"'],
    ['-- stuck', 'unexpected argument "stuck"'],
    ['--backend mok', '--backend: there is no "mok": did you mean mock?'],
    ['--answer maybe', '--answer: there is no "maybe": known: success, invalid, hold'],
    ['--read-only=ture', '--read-only: "ture" cannot be used: give true or false, or the option alone'],
    ['--dry-run=', '--dry-run: "" cannot be used'],
    ['--headless=false', '--headless: "false" cannot be used: give the option alone, or leave it out'],
    ['--seed', '--seed needs a value: give --seed N'],
    ['--seed x', '--seed: "x" cannot be used: give a whole number from 0'],
    ['--seed 1.5', 'cannot be used'],
    ['--seed -1', 'cannot be used'],
    ['--seed 1 --seed 2', '--seed is given 2 times: give it once'],
    ['--rate 0', '--rate: "0" cannot be used: give a number from 0.001'],
    ['--rate Infinity', 'cannot be used'],
    ['--count 0', 'give a whole number from 1'],
    ['--duration 5', '--duration: "5" is not a duration: did you mean 5s?'],
    ['--duration soon', '--duration: "soon" is not a duration: such as 500ms'],
    ['--idle=-1s', '--idle: "-1s" is not a duration'],
    ['--answer hold --rules x', '--answer and --rules cannot be combined: leave one of them out'],
    ['--once --count 5', '--once and --count cannot be combined'],
    ['--json', '--json is for --once: add that'],
    ['--pasid 5', '--pasid is for --backend selftest or --device: add one of these or leave --pasid out'],
    ['--pasid 0 -D 1', '--pasid: "0" cannot be used: give a whole number from 1'],
    ['--bind', '--bind is for --device: add that'],
    ['--take', '--take is for --pid: add that'],
    ['--iommufd 5', '--iommufd is for --fault-fd: add that'],
    ['--pid 1 --fault-fd 3', '--pid and --fault-fd cannot be combined'],
    ['--pid 1 --take --read-only', '--take and --read-only cannot be combined'],
    ['--listen s --read-only', '--listen and --read-only cannot be combined'],
    ['--backend mock --pid 1', '--pid is for --backend host: add that'],
    ['--backend host', '--backend host: which device or process?: give --device, --pid, --fault-fd or --listen'],
    ['--devices 2 --backend mock', '--devices is for --backend selftest'],
    ['--virtual-time --backend selftest', '--virtual-time is for --backend mock'],
    ['--pause-at 3s', '--pause-at is for --virtual-time'],
    ['--virtual-time --pause-at 3s --once', '--pause-at and --once cannot be combined'],
    ['--virtual-time --pause-at 3s --headless', '--pause-at and --headless cannot be combined'],
    ['--virtual-time --pause-at 3', '--pause-at: "3" is not a duration: did you mean 3s?'],
  ])('%s', (line, said) => {
    expect(problem(line)).toContain(said);
  });

  it('says it in one line', () => {
    expect(problem('--seed x')).not.toContain('\n');
  });
});

describe('the table', () => {
  it('is what the help shows', () => {
    const help = helpText(100);
    for (const { name, default: fallback } of TABLE) {
      expect(help).toContain(`--${name}`);
      if (fallback) expect(help).toContain(`[${fallback}]`);
    }
    for (const { code } of EXIT_CODES) expect(help).toContain(`  ${code}`);
  });

  it('fits into the columns there are', () => {
    for (const columns of [60, 80, 100]) {
      expect(
        Math.max(
          ...helpText(columns)
            .split('\n')
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(columns);
    }
  });

  it('names only options that there are', () => {
    const names = TABLE.map(({ name }) => name);
    for (const { conflicts = [], needs = [] } of TABLE) {
      expect(names).toEqual(expect.arrayContaining([...conflicts, ...needs.map((need) => need.name)]));
    }
    const all = TABLE.flatMap(({ name, alias }) => (alias ? [name, alias] : [name]));
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['500ms', 500],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('%s', (text, ms) => expect(parseDuration(text, 'x')).toBe(ms));

  it.each(['', 's', '1 week', '1e3s', '1s2', '1toString'])('refuses %j', (text) => {
    expect(() => parseDuration(text, 'x')).toThrow(UsageError);
  });
});

describe('the path of a socket', () => {
  it.each(['s', './@s', '/run/a@b', 'x'.repeat(107), ' '])('%s', (text) => {
    expect(parseSocketPath(text, '--listen')).toBe(text);
  });

  it.each([
    [
      '@iopftop',
      'an abstract socket has no file mode, so anyone could connect: give a path; ./@iopftop is a file of that name',
    ],
    ['@', 'an abstract socket'],
    ['a\0b', 'a path cannot contain NUL'],
    ['\0b', 'a path cannot contain NUL'],
    ['dir/', 'a path that ends in / is a directory'],
    ['/', 'a path that ends in / is a directory'],
    ['x'.repeat(108), 'has 108 bytes, but a socket path has at most 107'],
    ['é'.repeat(54), 'has 108 bytes'],
  ])('refuses %j', (text, said) => {
    expect(() => engineOptions({ backend: 'host', listen: text }, null, true)).toThrow(UsageError);
    try {
      parseSocketPath(text, '--listen');
    } catch (error) {
      expect(`${(error as UsageError).message}: ${(error as UsageError).hint}`).toContain(said);
    }
  });
});

describe('engineOptions', () => {
  it('holds everything on the default scenario of the mock', () => {
    expect(engineOptions({}, null, true)).toEqual({
      source: { kind: 'mock', scenario: 'tour', seed: 1, rate: 1, virtualTime: false, pauseAtMs: null },
      rules: [],
      onExit: 'hold',
      readOnly: false,
      dryRun: false,
      alarms: DEFAULT_ALARMS,
      history: 1_000_000,
      journal: null,
      events: true,
      until: { durationMs: null, groups: null, idleMs: null },
    });
  });

  it('makes one rule of --answer, and takes those of a file', () => {
    expect(engineOptions({ answer: 'invalid' }, null, true).rules).toEqual([
      { name: '--answer invalid', then: 'invalid' },
    ]);
    expect(engineOptions({ answer: 'hold' }, null, true).rules).toEqual([]);
    expect(engineOptions({ rules: 'x' }, [{ then: 'map' }], true).rules).toEqual([{ then: 'map' }]);
  });

  it('takes a dry run, also read-only and with rules', () => {
    expect(engineOptions(parse(['--dry-run', '--answer', 'success']), null, true)).toMatchObject({
      dryRun: true,
      readOnly: false,
      rules: [{ then: 'success' }],
    });
    expect(engineOptions(parse(['--dry-run', '--read-only']), null, true)).toMatchObject({
      dryRun: true,
      readOnly: true,
    });
  });

  it('opens selftest devices as asked', () => {
    const given = parse('--backend selftest --devices 3 --pasid 5 --pasid 6 --hwpt nested'.split(' '));
    expect(engineOptions(given, null, false).source).toEqual({
      kind: 'selftest',
      devices: 3,
      pasids: [5, 6],
      hwpt: 'nested',
      scenario: null,
      seed: 1,
      rate: 1,
    });
  });

  it('opens devices of this host, or of the simulated one', () => {
    const words = '--device 17:00.0 -D vfio1 --bind --pasid 5 --iova 0x10000000+2M --without-faults'.split(' ');
    const host = {
      kind: 'host',
      mock: null,
      devices: ['17:00.0', 'vfio1'],
      bind: true,
      force: [],
      hwpt: 'paging',
      pasids: [5],
      ranges: [{ iova: 0x1000_0000n, length: 0x20_0000n }],
      withoutFaults: true,
      recover: true,
    };
    expect(engineOptions(parse(words), null, false).source).toEqual(host);
    const mock = { scenario: 'stuck', seed: 1, rate: 1, virtualTime: true, pauseAtMs: null };
    const simulated = parse([...words, '--backend', 'mock', '-s', 'stuck', '--virtual-time']);
    expect(engineOptions(simulated, null, false).source).toEqual({ ...host, mock });
  });

  it.each([
    ['0x1000', 'is not START+LENGTH'],
    ['0x1000+1', 'does not begin and end at a page (4096 bytes)'],
    ['0x1000+0', 'is empty, or ends past the end of the address space'],
    ['0xfffffffffffff000+8k', 'is empty, or ends past'],
    ['4k+4k+4k', 'is not START+LENGTH'],
  ])('refuses --iova %s', (range, why) => {
    expect(() => engineOptions(parse(['-D', 'a', '--iova', range]), null, false)).toThrow(why);
  });

  it('takes another process, or descriptors', () => {
    const sourceOf = (line: string) => engineOptions(parse(line.split(' ')), null, false).source;
    expect(sourceOf('--pid 77 --take')).toEqual({ kind: 'process', pid: 77, take: true, recover: true });
    expect(sourceOf('--fault-fd 5 --fault-fd 6 --iommufd 3 --device-fd 4 --device-fd 7:2')).toEqual({
      kind: 'handed',
      faultFds: [5, 6],
      iommufd: 3,
      deviceFds: [
        { fd: 4, devId: null },
        { fd: 7, devId: 2 },
      ],
      listen: null,
    });
    expect(sourceOf('--listen /run/q')).toMatchObject({ kind: 'handed', faultFds: [], listen: '/run/q' });
    expect(() => sourceOf('--fault-fd 5 --iommufd 3 --device-fd x')).toThrow('--device-fd: "x" is not a descriptor');
  });

  it('leaves the end of --once to --once', () => {
    expect(engineOptions({ once: true, duration: 5 }, null, false).until.durationMs).toBeNull();
  });
});

describe('firstLook', () => {
  const env = { HOME: '/nonexistent' };
  const look = (line: string) => firstLook(line.split(' ').filter(Boolean), 'tour', env);

  it.each([
    ['', 'MOCK tour'],
    ['--scenario stuck --seed 5', 'MOCK stuck'],
    ['--scenario=stuck --read-only', 'MOCK stuck'],
    ['-b selftest --devices 2', 'selftest'],
    ['--mouse=false --config none', 'MOCK tour'],
    ['--config /nonexistent', null],
    ['--config /', null],
    ['--headless', null],
    ['--help', null],
    ['-V', null],
    ['--once', null],
    ['--unknown', null],
    ['--seed', null],
    ['stray', null],
    ['config print', null],
    ['man', null],
    ['--device 0000:17:00.0 --bind', '0000:17:00.0'],
    ['-D vfio0 --device=vfio1', '2 devices'],
    ['-b mock -D 0000:17:00.0', 'MOCK 0000:17:00.0'],
    ['--pid 1234 --take', 'PID 1234'],
    ['-p 1234', 'PID 1234'],
    ['--fault-fd 3 --fault-fd 4', 'handed over'],
    ['--fault-fd 3 --listen /run/x', 'handed over, listens at /run/x'],
    ['--listen /run/\x1b[2J', 'listens at /run/\x1b[2J'],
    ['-b host', null],
    ['--pid 1 --once', null],
    ['exec -D vfio0 --output log -- driver --headless', 'vfio0'],
    ['exec -D vfio0 driver --once', 'vfio0'],
    ['exec --headless -D vfio0 -- driver', null],
    ['exec -D vfio0', null],
    ['exec -D vfio0 --', null],
    ['rescue --pid 1', null],
    ['devices', null],
    ['doctor 0000:17:00.0', null],
  ])('%s', (line, target) => {
    expect(look(line)?.target ?? null).toBe(target);
  });

  it('knows that another process has a panel', () => {
    expect(look('--pid 1234')).toEqual({ target: 'PID 1234', unicode: 'auto', owner: true });
  });

  it.each([
    ['# c\nseed = 1\nscenario = \'stuck\' # why\nunicode = "never"\n', '', { target: 'MOCK stuck', unicode: 'never' }],
    ['backend = "selftest"\n', '', { target: 'selftest', unicode: 'auto' }],
    ['backend = "selftest"\n', '-b mock --unicode always', { target: 'MOCK tour', unicode: 'always' }],
    ['[alarms]\nscenario = "stuck"', '', { target: 'MOCK tour', unicode: 'auto' }],
    ['scenario = """stuck"""', '', null],
    ['scenario = "a\\u0041"', '', null],
  ])('goes by the file: %j %s', (text, line, expected) => {
    const path = join(directory, 'c.toml');
    writeFileSync(path, text);
    expect(look(`--config ${path} ${line}`)).toEqual(expected);
  });
});
