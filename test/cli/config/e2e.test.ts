// The configuration file and the commands in the real program.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iopftop, ROOT } from '../../helpers/bin.ts';
import { messageProblem } from '../../helpers/schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-config-'));
const env = { ...process.env, XDG_CONFIG_HOME: directory };
const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
afterAll(() => rmSync(directory, { recursive: true }));
beforeAll(async () => {
  mkdirSync(join(directory, 'iopftop'));
  file('iopftop/config.toml', 'scenario = "burst"\nanswer = "invalid"\nseed = 9\n');
  await iopftop(['--version']);
});

const RUN = ['--headless', '--virtual-time', '--duration', '100ms'];

describe('a run', () => {
  it('goes by the default file, and the command line wins', async () => {
    const { lines } = await iopftop([...RUN, '--seed', '3'], { env });
    expect(lines[0].target).toMatchObject({ scenario: 'burst', seed: 3 });
    expect(lines[0].rules).toEqual([{ name: '--answer invalid', then: 'invalid' }]);
  });

  it('goes by another file, or by none', async () => {
    const other = file('other.toml', 'on-exit = "invalid"\n[[rules]]\nwhen = "write"\nthen = "map"\n');
    const [hello] = (await iopftop([...RUN, '--config', other], { env })).lines;
    expect([hello.onExit, hello.target.scenario, hello.rules]).toEqual([
      'invalid',
      'tour',
      [{ when: 'write', then: 'map' }],
    ]);
    const none = await iopftop([...RUN, '--config', 'none'], { env });
    expect([none.lines[0].target.scenario, none.lines[0].rules]).toEqual(['tour', []]);
  });

  it.each([
    ['absent.toml', null, 'FILE: there is no such file: give a TOML file, or --config none'],
    [
      'a.toml',
      'thme = 1\nseed = "x"',
      'FILE:1: unknown key "thme": did you mean theme? (and 1 more: iopftop config check FILE)',
    ],
    ['b.toml', 'scenario = "nope"', /^FILE: scenario nope: no such scenario; /],
    ['c.toml', 'theme = ', /^FILE:1: column \d+: /],
    ['d.toml', '[[rules]]\nwhen = "pasd"\nthen = "map"', /^FILE:2: rule 1: condition "pasd".*pasd/],
  ])('is refused in one line: %s', async (name, text, said) => {
    const path = text === null ? join(directory, name) : file(name, text);
    const { code, stderr, lines } = await iopftop([...RUN, '--config', path], { env });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    const line = stderr.trimEnd().replaceAll(path, 'FILE').replace('iopftop: ', '');
    if (typeof said === 'string') expect(line).toBe(said);
    else expect(line).toMatch(said);
    expect([code, lines.length, messageProblem(lines[0]), lines[0].kind]).toEqual([2, 1, null, 'usage']);
  });

  it.each(['thme = 1', 'theme = ', '[[rules]]\nwhen = "pasd"\nthen = "map"', 'scenario = "nope"'])(
    'says how to start without the one that is read at every start: %j',
    async (text) => {
      const home = mkdtempSync(join(directory, 'home-'));
      mkdirSync(join(home, 'iopftop'));
      writeFileSync(join(home, 'iopftop/config.toml'), text);
      const { code, stderr } = await iopftop(RUN, { env: { ...env, XDG_CONFIG_HOME: home } });
      expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
      expect(stderr.trimEnd()).toMatch(/; --config none starts without the file$/);
      const named = await iopftop([...RUN, '--config', join(home, 'iopftop/config.toml')], { env });
      expect([named.code, named.stderr.includes('--config none')]).toEqual([2, false]);
    },
  );
});

describe('config check', () => {
  it('says ok, or that there is none', async () => {
    const ok = await iopftop(['config', 'check'], { env });
    expect([ok.code, ok.stdout, ok.stderr]).toEqual([0, `${join(directory, 'iopftop/config.toml')}: ok\n`, '']);
    const none = await iopftop(['config', 'check']);
    expect([none.code, none.stdout]).toEqual([
      0,
      '/nonexistent/iopftop/config.toml: no such file, the defaults are in force\n',
    ]);
  });

  it('names all that is wrong, on stderr alone, and ends with 2', async () => {
    const path = file('e.toml', 'thme = 1\nseed = "x"\nscenario = "nope"\n');
    const { code, stdout, stderr } = await iopftop(['config', 'check', path]);
    const found = stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':').slice(2, 4).join(':'));
    expect([code, stdout, found]).toEqual([2, '', ['1: unknown key "thme"', '2: seed is "x"', '3: scenario']]);
  });

  it('refuses what is no file, and two files', async () => {
    const { code, stdout, stderr } = await iopftop(['config', 'check', directory]);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      `iopftop: ${directory}: is a directory: give a TOML file, or --config none\n`,
    ]);
    expect((await iopftop(['config', 'check', 'a', '--config', 'b'])).stderr).toBe(
      'iopftop: two files to check: give FILE or --config FILE\n',
    );
  });
});

describe('what is printed', () => {
  it('the configuration in force can be used as a file', async () => {
    const { code, stdout } = await iopftop(['config', 'print', '--theme', 'mono'], { env });
    expect(stdout.split('\n').filter((line) => /^[a-z]/.test(line))).toEqual([
      'scenario = "burst"',
      'seed = 9',
      'answer = "invalid"',
      'theme = "mono"',
    ]);
    const check = await iopftop(['config', 'check', file('printed.toml', stdout)]);
    expect([code, check.code]).toEqual([0, 0]);
  });

  it.each([
    [['completion', 'bash'], 'completions/iopftop.bash'],
    [['completion', 'zsh'], 'completions/_iopftop'],
    [['completion', 'fish'], 'completions/iopftop.fish'],
    [['man'], 'man/iopftop.1'],
  ])('%s is the file that is shipped', async (args, path) => {
    const { code, stdout } = await iopftop(args);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(ROOT, path), 'utf8'));
  });
});

it('the example in the docs is right', async () => {
  const page = readFileSync(join(ROOT, 'docs/config.md'), 'utf8');
  const [, example = ''] = /# Configuration.*?```toml\n(.*?)```/s.exec(page) ?? [];
  const { code, stderr } = await iopftop(['config', 'check', file('example.toml', example)]);
  expect([example.length > 100, code, stderr]).toEqual([true, 0, '']);
});

describe('HOME is that of somebody else', () => {
  const closed = { ...process.env, HOME: join(directory, 'loop'), XDG_CONFIG_HOME: '' };
  const NOTICE = `${directory}/loop/.config/iopftop/config.toml: cannot be read (ELOOP); the defaults are used (--config none reads no file)`;
  beforeAll(() => symlinkSync('loop', join(directory, 'loop')));

  it('a run says so and goes by the defaults, and its stream and journal have it', async () => {
    const journal = join(directory, 'journal.ndjson');
    const { code, stderr, lines } = await iopftop([...RUN, '--on-exit', 'invalid', '--journal', journal], {
      env: closed,
    });
    expect([code, stderr]).toEqual([0, `iopftop: ${NOTICE}\n`]);
    const notices = lines.filter(({ type }) => type === 'notice');
    expect(notices).toMatchObject([{ what: 'configuration', text: NOTICE }]);
    expect(messageProblem(notices[0])).toBeNull();
    expect(readFileSync(journal, 'utf8')).toContain('"action":"configuration"');
  });

  it('--once too, and nothing is said with --config none', async () => {
    const once = await iopftop(['--once', '-d1ms'], { env: closed });
    expect([once.code, once.stderr]).toEqual([0, `iopftop: ${NOTICE}\n`]);
    const none = await iopftop([...RUN, '--on-exit', 'invalid', '--config', 'none'], { env: closed });
    expect([none.code, none.stderr]).toEqual([0, '']);
  });

  it('config check cannot say that it is right, config print says why it is left out', async () => {
    const check = await iopftop(['config', 'check'], { env: closed });
    expect([check.code, check.stderr]).toEqual([2, `iopftop: ${NOTICE}\n`]);
    const print = await iopftop(['config', 'print'], { env: closed });
    expect([print.code, print.stdout.split('\n')[0]]).toEqual([
      0,
      `## iopftop configuration, without a file (${NOTICE})`,
    ]);
  });

  it('no HOME, or a relative one, is no mistake', async () => {
    for (const HOME of ['', 'relative']) {
      const { code, stderr } = await iopftop([...RUN, '--on-exit', 'invalid'], { env: { ...closed, HOME } });
      expect([code, stderr]).toEqual([0, '']);
    }
  });
});
