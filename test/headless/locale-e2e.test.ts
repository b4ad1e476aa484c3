// The real program where there is Unicode, and where there is none.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iopftop } from '../helpers/bin.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-locale-'));
const file = join(directory, '日本.toml');
const DEVICES = ['显卡零', '显卡é', 'e\u0301'];
const ONCE = ['--once', '--duration', '1ms', '-s', file];

const withLocale = (LC_ALL: string) => ({
  env: { ...process.env, XDG_CONFIG_HOME: '/nonexistent', LC_ALL, TERM: 'xterm' },
});

beforeAll(async () => {
  const device = (name: string) => `[[device]]\nname = "${name}"\n[[device.workload]]\nkind = "stuck"\n`;
  writeFileSync(file, `name = "日本"\ndescription = "x"\n${DEVICES.map(device).join('')}`);
  await iopftop(['--version']);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('names outside of ASCII', () => {
  it('are themselves in UTF-8, and written out elsewhere: all of them differ', async () => {
    const { stdout } = await iopftop(ONCE, withLocale('C.UTF-8'));
    for (const name of ['显卡零 ', '显卡é ', 'e<U+0301> ']) expect(stdout).toContain(`  ${name}`);
    const plain = await iopftop(ONCE, withLocale('C'));
    expect([plain.code, plain.stderr]).toEqual([0, '']);
    expect(plain.stdout).toMatch(/^[\n -~]*$/);
    for (const name of ['<U+663E><U+5361><U+96F6> ', '<U+663E><U+5361><U+00E9> ', 'e<U+0301> ']) {
      expect(plain.stdout).toContain(`  ${name}`);
    }
  });

  it('are as --unicode says, whatever the locale', async () => {
    const never = await iopftop([...ONCE, '--unicode', 'never'], withLocale('C.UTF-8'));
    expect(never.stdout).toMatch(/^[\n -~]*$/);
    const always = await iopftop([...ONCE, '--unicode', 'always'], withLocale('C'));
    expect(always.stdout).toContain('显卡零');
  });

  it('are the same in JSON', async () => {
    const names = async (locale: string) => {
      const { stdout } = await iopftop([...ONCE, '--json'], withLocale(locale));
      return JSON.parse(stdout).devices.map(({ name }: { name: string }) => name);
    };
    expect([await names('C'), await names('C.UTF-8')]).toEqual([DEVICES, DEVICES]);
  });

  it('are written so in complaints, too, and once', async () => {
    const missing = join(directory, '日本\u202e\x1b[2J.toml');
    const said = async (locale: string) => (await iopftop(['--once', '-s', missing], withLocale(locale))).stderr;
    expect(await said('C')).toContain('/<U+65E5><U+672C><U+202E><U+001B>[2J.toml');
    expect(await said('C.UTF-8')).toContain('/日本<U+202E><U+001B>[2J.toml');
  });
});
