// The configuration file, and the commands that have no screen, in a real terminal.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TestTerminal } from './terminal.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-config-'));
mkdirSync(join(directory, 'iopftop'));
afterAll(() => rmSync(directory, { recursive: true }));

let terminal: TestTerminal;

function start(args: string, config = ''): void {
  writeFileSync(join(directory, 'iopftop', 'config.toml'), config);
  const env = { XDG_CONFIG_HOME: directory };
  terminal = new TestTerminal(`${process.execPath} bin/iopftop ${args}`, { columns: 120, rows: 40, env });
}

const ALTERNATE = '\x1b[?1049h';

describe('commands', () => {
  it.each(['config print', 'config check', 'completion bash', 'man', 'config --help'])(
    '%s leaves the screen alone',
    async (args) => {
      start(args);
      expect(await terminal.exitCode()).toBe(0);
      expect(terminal.raw).not.toContain(ALTERNATE);
    },
  );
});

describe('a configuration that is wrong', () => {
  it('is said on the terminal as it was', async () => {
    start('', 'scenario = "stuck"\nthme = "mono"\n');
    expect(await terminal.exitCode()).toBe(2);
    expect(terminal.text().replaceAll('\n', '')).toContain('config.toml:2: unknown key "thme": did you mean theme?');
    expect(terminal.restored()).toBe(true);
  });
});

describe('the first frame', () => {
  it('goes by the configuration', async () => {
    start('', 'scenario = "stuck"\nunicode = "never"\n');
    await terminal.until(/MOCK .*scenario stuck/);
    terminal.signal('SIGTERM');
    await terminal.exitCode();
    const first = terminal.raw.slice(0, terminal.raw.indexOf('scenario'));
    expect(first).toContain('MOCK stuck');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is no ASCII is looked for
    expect(first).toMatch(/^[\x00-\x7f]*$/);
  });
});
