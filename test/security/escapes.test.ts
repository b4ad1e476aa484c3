// Whatever outsiders are called, nothing of it moves a terminal: every command that prints names, with names that try.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neutral } from '../../src/text/neutral.ts';
import { iopftop } from '../helpers/bin.ts';
import { tellFigure } from '../helpers/figures.ts';
import { EVIL, IN_JSON, IN_TOML, OBEYED } from './evil.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-escapes-'));
const at = (name: string): string => join(directory, name);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeAll(() => {
  const device = `name = "evil"\ndescription = ${IN_TOML}\n[[device]]\nname = ${IN_TOML}\n`;
  writeFileSync(at('scenario.toml'), `${device}[[device.workload]]\nkind = "steady"\nrate = 100\n`);
  writeFileSync(at('rules.toml'), `[[rule]]\nname = ${IN_TOML}\nwhen = "read"\nthen = "success"\n`);
  writeFileSync(at('wrong-rules.toml'), `[[rule]]\nname = ${IN_TOML}\nwhen = ${IN_TOML}\nthen = ${IN_TOML}\n`);
  writeFileSync(at('config.toml'), `theme = ${IN_TOML}\n${IN_TOML} = 1\n[filters.${IN_TOML}]\nwhen = ${IN_TOML}\n`);
});

const run = ['--scenario', at('scenario.toml'), '--virtual-time'];
const COMMANDS: [string, string[], string?][] = [
  ['headless, faults', ['--headless', ...run, '--count', '5']],
  ['headless, groups', ['--headless', ...run, '--stream', 'groups', '--count', '5']],
  ['headless, with rules', ['--headless', ...run, '--rules', at('rules.toml'), '--count', '5']],
  ['headless, in a dry run', ['--headless', ...run, '--rules', at('rules.toml'), '--dry-run', '--count', '5']],
  [
    'headless, wrong commands',
    ['--headless', ...run],
    `${EVIL}\n{"cmd":${IN_JSON}}\n{"cmd":"respond","id":${IN_JSON}}\n`,
  ],
  ['headless, a wrong condition', ['--headless', ...run], `{"cmd":"respond","when":${IN_JSON},"code":"invalid"}\n`],
  ['--once', ['--once', ...run]],
  ['--once --json', ['--once', '--json', ...run]],
  ['rules that are wrong', ['--headless', '--rules', at('wrong-rules.toml')]],
  ['a configuration that is wrong', ['--config', at('config.toml'), '--headless']],
  ['config check', ['config', 'check', '--config', at('config.toml')]],
  ['config print', ['config', 'print', '--config', at('config.toml')]],
  ['an option that is not there', [`--${EVIL.replaceAll('\x00', '')}`]],
  ['a value that is wrong', ['--rate', EVIL, '--headless']],
  ['a scenario that is not there', ['--scenario', EVIL, '--headless']],
  ['a journal that is not there', ['--journal', `/dev/null/${EVIL}`, '--headless']],
  ['a device that is not there', ['--device', EVIL, '--headless']],
  ['devices', ['devices', '--backend', 'mock', EVIL]],
  ['doctor', ['doctor', '--backend', 'mock', EVIL]],
  ['rescue', ['rescue', '--pid', EVIL]],
  ['exec', ['exec', '--backend', 'mock', '--device', EVIL, '--', EVIL]],
  ['help', ['help', EVIL]],
];

describe('what a terminal obeys', () => {
  it.each(COMMANDS)('does not come out of %s', async (_, args, input) => {
    const { stdout, stderr } = await iopftop(args, input === undefined ? {} : { input });
    expect(`${stdout}${stderr}`).not.toBe('');
    expect(stdout.match(OBEYED)?.[0].charCodeAt(0)).toBeUndefined();
    expect(stderr.match(OBEYED)?.[0].charCodeAt(0)).toBeUndefined();
  });

  it('is escaped so that JSON stays the same', () => {
    expect(JSON.parse(neutral(JSON.stringify({ name: EVIL })))).toEqual({ name: EVIL });
    expect(neutral('a\tb\nc')).toBe('a\tb\nc');
  });

  it('is tried in all of these', () => {
    tellFigure({
      topic: 'Security',
      what: 'commands given names with terminal escapes, C1 and bidirectional controls',
      value: `${COMMANDS.length}, none came out`,
      repeat: 'npm test -- test/security',
    });
  });
});
