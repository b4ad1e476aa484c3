// What the real program says to wrong arguments and impossible wishes: one clear line, the right exit code.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iopftop, shell } from '../helpers/bin.ts';
import { messageProblem } from '../helpers/schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));
beforeAll(() => iopftop(['--version']));

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

/** One line on stderr that contains `said`, an error object on stdout that says the same, and the exit code. */
async function refused(args: string[], said: string | RegExp, code = 2): Promise<void> {
  const ran = await iopftop(args);
  expect(ran.stderr).toMatch(said);
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(ran.lines).toHaveLength(1);
  expect(messageProblem(ran.lines[0])).toBeNull();
  expect(ran.stderr).toContain(ran.lines[0].message);
  expect(ran.code).toBe(code);
}

describe('wrong arguments', () => {
  it('an unknown option', () =>
    refused(['--sceanrio', 'stuck'], 'unknown option --sceanrio: did you mean --scenario?'));
  it('an unknown choice', () => refused(['--backend', 'vfoi'], '--backend: there is no "vfoi"'));
  it('options that exclude each other', () => refused(['--answer', 'hold', '--rules', 'x'], 'cannot be combined'));
  it('a time that is none', () => refused(['--duration', '5'], 'did you mean 5s?'));
  it('an unknown scenario: lists the known ones', () => refused(['--scenario', 'stuk'], /stuck/));
  it('a scenario file that is not there', () => refused(['--scenario', './absent.toml'], 'no such file'));
  it('a scenario file that is none', () => refused(['--scenario', file('s.toml', 'x = [')], /s\.toml/));

  it('a rule that does not parse: file, rule and column', () => {
    const rules = file('r.toml', "[[rule]]\nthen = 'hold'\n[[rule]]\nwhen = 'pasid == == 5'\nthen = 'success'\n");
    return refused(['--rules', rules], /r\.toml:4: rule 2: .* column \d+/);
  });

  it('a rule file that is not there', () => refused(['--rules', 'absent.toml'], 'there is no such file'));

  it('says it without the object where no NDJSON was asked for', async () => {
    const { stdout, stderr, code } = await iopftop(['--once', '--json', '--bogus']);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toContain('unknown option --bogus');
  });
});

describe('what cannot be had', () => {
  it('a kernel without iommufd', (context) => {
    if (existsSync('/dev/iommu')) context.skip('this machine has /dev/iommu');
    return refused(['--backend', 'selftest'], /\/dev\/iommu: ENOENT/, 1);
  });

  it('a journal that cannot be written', () => refused(['--journal', directory], /EISDIR/, 1));
});

describe('what is only asked for', () => {
  it('--version', async () => {
    const { stdout, code } = await iopftop(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
    expect((await iopftop(['--version', '--headless'])).stdout).toBe(stdout);
  });

  it('--help', async () => {
    const { stdout, code } = await iopftop(['--help']);
    expect(stdout).toContain('Usage: iopftop [options]');
    expect(code).toBe(0);
  });

  it('too few open files: one line, whatever cannot be opened', async () => {
    for (const files of [18, 22, 26, 30]) {
      // Node 24 itself does not start with 18.
      if ((await shell(`ulimit -n ${files}; "$NODE" -e 0; echo $?`)).stdout.trim() !== '0') continue;
      const { stdout, stderr } = await shell(
        `ulimit -n ${files}; "$NODE" "$BIN" --headless --count 1 --virtual-time --answer success | tail -1; echo $PIPESTATUS`,
      );
      const ok = stdout.includes('"summary"') && stderr === '';
      expect([files, ok || /^iopftop: cannot start: EMFILE[^\n]*\n$/.test(stderr), stderr]).toEqual([
        files,
        true,
        stderr,
      ]);
    }
  });

  it('--list-scenarios, each of which runs', async () => {
    const { stdout, code } = await iopftop(['--list-scenarios']);
    expect(code).toBe(0);
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]!);
    expect(names).toContain('stuck');
    for (const name of names) {
      const ran = await iopftop([
        '--headless',
        '--virtual-time',
        '--scenario',
        name,
        '--duration',
        '2s',
        '--answer',
        'success',
      ]);
      expect([name, ran.code, ran.lines.at(-1).reason]).toEqual([name, 0, 'duration']);
    }
  });
});
