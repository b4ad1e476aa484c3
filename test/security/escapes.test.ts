// Whatever outsiders are called, nothing of it moves a terminal: every command that prints names, with names that try.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neutral } from '../../src/text/neutral.ts';
import { iopftop } from '../helpers/bin.ts';
import { tellFigure } from '../helpers/figures.ts';

/** Listed here anew, by their numbers, so that a gap in the program's own list is seen. */
const NUMBERS = [
  '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f',
  '\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb',
  '\\u{e0001}\\u{e0020}-\\u{e007f}',
];
const OBEYED = new RegExp(`[${NUMBERS.join('')}]`, 'u');
const EVIL =
  'a\x1b[2J\x1b]0;t\x07\x1b]52;c;eA==\x1b\\\x08b\x7f\x85\x9b31m\u202ec\u2066d\u2028e\u200bf\u2060g\ufeffh\u00adi\u{e0041}j';
/** As TOML and JSON write it. */
const ESCAPED = JSON.stringify(EVIL).replace(
  /[\x7f-\uffff]/g,
  (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
);

const directory = mkdtempSync(join(tmpdir(), 'iopftop-escapes-'));
const at = (name: string): string => join(directory, name);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeAll(() => {
  const device = `name = "evil"\ndescription = ${ESCAPED}\n[[device]]\nname = ${ESCAPED}\n`;
  writeFileSync(at('scenario.toml'), `${device}[[device.workload]]\nkind = "steady"\nrate = 100\n`);
  writeFileSync(at('rules.toml'), `[[rule]]\nname = ${ESCAPED}\nwhen = "read"\nthen = "success"\n`);
  writeFileSync(at('wrong-rules.toml'), `[[rule]]\nname = ${ESCAPED}\nwhen = ${ESCAPED}\nthen = ${ESCAPED}\n`);
  writeFileSync(at('config.toml'), `theme = ${ESCAPED}\n${ESCAPED} = 1\n[filters.${ESCAPED}]\nwhen = ${ESCAPED}\n`);
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
    `${EVIL}\n{"cmd":${ESCAPED}}\n{"cmd":"respond","id":${ESCAPED}}\n`,
  ],
  ['headless, a wrong condition', ['--headless', ...run], `{"cmd":"respond","when":${ESCAPED},"code":"invalid"}\n`],
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
