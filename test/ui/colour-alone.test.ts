// What a colour says, a letter or a word says too.

import { createElement } from 'react';
import { expect, it } from 'vitest';
import { RECORD_STATES } from '../../src/protocol/messages.ts';
import { WholeScreen } from '../../src/ui/app/app.tsx';
import { LETTER } from '../../src/ui/panels/stream/rows.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { THEME_NAMES, type ThemeName } from '../../src/ui/text/theme-names.ts';
import { ownerSession } from './fixtures/owner.ts';
import { partOf } from './fixtures/panel.tsx';
import { Session } from './fixtures/session.ts';

const ENV = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };
const PAGES = ['1', '2', '3', '4', '5', '6', '7'];

/** A session with a group in every state, a hung device, and marks. */
function busy(page: string): Session {
  const session = new Session(120, 40);
  for (let i = 1; i <= 12; i++) session.engine.fault(1 + (i % 2));
  for (let i = 1; i <= 8; i++) session.engine.answer(i, i % 4);
  session.engine.hung.set(2, 12e9);
  return session.view().press(`3 space ${page}`).view();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');
const rows = (session: Session, theme: ThemeName): string[] =>
  partOf(session, createElement(WholeScreen), { theme: makeTheme(ENV, { theme, unicode: 'auto' }) }).painted();

it.each(PAGES.flatMap((page) => THEME_NAMES.map((theme) => [page, theme] as const)))(
  'page %s has the same words in the theme %s as without colours',
  (page, theme) => {
    const session = busy(page);
    expect(rows(session, theme).map(plain)).toEqual(rows(session, 'mono').map(plain));
  },
);

it.each(['1', '8'].flatMap((page) => THEME_NAMES.map((theme) => [page, theme] as const)))(
  'page %s over the queues of another process has the same words in the theme %s as without colours',
  (page, theme) => {
    const session = ownerSession(120, 40, { state: 'T', stopped: true }).press(page).view();
    expect(rows(session, theme).map(plain)).toEqual(rows(session, 'mono').map(plain));
    expect(rows(session, theme).map(plain).join('\n')).toMatch(/WATCHING +STOPPED/);
  },
);

it('has a letter of its own for each state of a fault, in the stream', () => {
  const letters = RECORD_STATES.map((state) => LETTER[state]);
  expect(new Set(letters).size).toBe(RECORD_STATES.length);
  const text = rows(busy('4'), 'mono').map(plain).join('\n');
  for (const letter of letters) expect(text).toMatch(new RegExp(`^│. ${letter} `, 'm'));
});

it('has a word for a hung device, and a mark for a marked group', () => {
  expect(rows(busy('2'), 'mono').map(plain).join('\n')).toMatch(/stuck/i);
  expect(rows(busy('3'), 'mono').map(plain).join('\n')).toMatch(/^│.\*/m);
});
