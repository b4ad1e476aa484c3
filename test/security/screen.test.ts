// The screen over names that try to move it: in every view and dialog nothing comes out but what the painter itself writes,
// no title of the window is set, and what is copied can be pasted.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { selectedGroup } from '../e2e/look.ts';
import { TestTerminal } from '../e2e/terminal.ts';
import { tellFigure } from '../helpers/figures.ts';
import { EVIL, IN_TOML, OBEYED, OWN, withoutOwn } from './evil.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-evil-screen-'));
const scenario = join(directory, 'scenario.toml');
const rules = join(directory, 'rules.toml');
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeAll(() => {
  const device = `[[device]]\nname = ${IN_TOML}\npasid = true\npasids = [1]\ncredits = 4\ntimeout = "1s"\non_timeout = "hang"\n`;
  const workload = '[[device.workload]]\nkind = "stuck"\nstart = "100ms"\nevery = "1s"\ncount = 1\n';
  writeFileSync(scenario, `name = "evil"\ndescription = ${IN_TOML}\n${device}${workload}`);
  writeFileSync(
    rules,
    `[[rule]]
name = ${IN_TOML}
when = "read || write"
then = "hold"
`,
  );
});

const PLACES: [name: string, keys: string][] = [
  ['overview', ''],
  ['devices', '2'],
  ['the HWPT picker', '2r'],
  ['the answer dialog of a device', '2s'],
  ['the attach dialog', '2a'],
  ['the detach dialog', '2d'],
  ['a detail pane', '\r'],
  ['marked groups', '*i'],
  ['pending', '3'],
  ['stream', '4'],
  ['statistics', '5'],
  ['journal', 's6'],
  ['rules', '7'],
  ['the rule editor', '7\r'],
  ['the question before a rule is deleted', '7x'],
  ['a rule switched off', '7 '],
  ['a rule that is moved', '7K'],
  ['a rule that is deleted', '7xj\r'],
  ['a device that is answered', '2sj\r'],
  ['the palette on a rule', '7:'],
  ['the palette', ':'],
  ['the choice of what to copy', 'Y'],
  ['a filter that is wrong', `/device == '\x1b[200~\u202e\x9b2Jx\x1b[201~`],
  ['a frozen picture', 'f'],
  ['the quit dialog', 'q'],
];

it.each(PLACES)('%s', async (_, keys) => {
  const options = `--scenario ${scenario} --rules ${rules}`;
  const terminal = new TestTerminal(`${process.execPath} bin/iopftop ${options}`, { columns: 120, rows: 40 });
  await terminal.until((screen) => selectedGroup(screen) > 0);
  for (const key of keys.startsWith('/') ? [keys[0] as string, keys.slice(1)] : keys) {
    terminal.press(key);
    // Whatever it does, the next frame has it.
    const frames = terminal.raw.length;
    await terminal.until(() => terminal.raw.length > frames);
  }
  terminal.signal('SIGTERM');
  expect(await terminal.exitCode()).toBe(143);
  const rest = withoutOwn(terminal.raw);
  expect(rest.match(new RegExp(`[^]{0,20}${OBEYED.source}[^]{0,20}`, 'u'))?.[0]).toBeUndefined();
});

it('what is copied', async () => {
  const options = `--scenario ${scenario}`;
  const terminal = new TestTerminal(`${process.execPath} bin/iopftop ${options}`, { columns: 120, rows: 40 });
  await terminal.until((screen) => selectedGroup(screen) > 0);
  terminal.press('y');
  await terminal.until('Copied group 1');
  terminal.press('Y');
  await terminal.until('─ Copy ─');
  terminal.press('JSON\r');
  await terminal.until((screen) => !screen.includes('─ Copy ─'));
  terminal.signal('SIGTERM');
  await terminal.exitCode();
  const copies = [...terminal.raw.matchAll(OWN)].flatMap(([, copied]) => copied ?? []);
  const [row = '', json = ''] = copies.map((copied) => Buffer.from(copied, 'base64').toString());
  expect([row, json].map((text) => OBEYED.test(text) || text.includes('\n'))).toEqual([false, false]);
  expect(JSON.parse(json)).toMatchObject({ group: 1, device: EVIL });
  tellFigure({
    topic: 'Security',
    what: 'views and dialogs of the screen over names with terminal escapes',
    value: `${PLACES.length}, and what is copied; none came out`,
    repeat: 'npm test -- test/security',
  });
});
