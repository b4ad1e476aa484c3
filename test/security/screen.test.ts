// The screen over names that try to move it: in every view and dialog nothing comes out but what the painter itself writes,
// no title of the window is set, and what is copied can be pasted.
// @module-tag long
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { selectedGroup } from '../e2e/look.ts';
import { DONE, OVERLAYS, VIEWS } from '../e2e/places.ts';
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
  writeFileSync(rules, ['[[rule]]', `name = ${IN_TOML}`, 'when = "read || write"', 'then = "hold"', ''].join('\n'));
});

const PLACES = [...VIEWS, ...OVERLAYS, ...DONE].map(([name, ...steps]) => [name, steps] as const);

it.each(PLACES)('%s', async (_, steps) => {
  const options = `--scenario ${scenario} --rules ${rules}`;
  const terminal = new TestTerminal(`${process.execPath} bin/iopftop ${options}`, { columns: 120, rows: 40 });
  await terminal.until((screen) => selectedGroup(screen) > 0);
  for (const [keys, shows] of steps) {
    terminal.press(keys);
    await terminal.until(shows);
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
  terminal.type('JSON');
  await terminal.until('> JSON');
  terminal.press('\r');
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
