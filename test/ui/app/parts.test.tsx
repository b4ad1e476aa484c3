// What is around the panels, each part alone: the lines at the top, the pages, the keys at the bottom, what was just done.
import { describe, expect, it } from 'vitest';
import { Footer } from '../../../src/ui/app/footer.tsx';
import { footerFor } from '../../../src/ui/app/footer-keys.ts';
import { Header, Tabs } from '../../../src/ui/app/header.tsx';
import { Status } from '../../../src/ui/app/status.tsx';
import type { Status as Said } from '../../../src/ui/model/state.ts';
import { makeTheme } from '../../../src/ui/text/theme.ts';
import { partOf } from '../fixtures/panel.tsx';
import { Session } from '../fixtures/session.ts';

const WIDTHS = [60, 80, 120, 200];

function session(columns: number): Session {
  const made = new Session(columns, 24);
  for (let i = 1; i <= 3; i++) made.engine.fault(1);
  return made.view(3);
}

describe.each(WIDTHS)('%d columns', (columns) => {
  it('have two lines at the top: what is run, and how it goes', () => {
    const [title, numbers, ...rest] = partOf(session(columns), <Header />).lines();
    expect(title).toMatch(/^ +(iopftop 0\.1\.0 +)?MOCK/);
    expect(numbers).toMatch(/^ .*pending 3/);
    expect(rest.every((line) => line === '')).toBe(true);
    for (const line of [title, numbers]) expect(line!.length).toBeLessThanOrEqual(columns - 1);
  });

  it('have one line of pages, the one that is shown lit up', () => {
    const s = session(columns).press('4').view();
    const part = partOf(s, <Tabs />);
    const [pages, ...rest] = part.lines();
    expect(pages).toMatch(/4 ?Stream/);
    expect(rest.every((line) => line === '')).toBe(true);
    expect(part.painted()[0]).toMatch(/\[0;[\d;]*7m[^m]*4 ?Stream/);
    part.update();
    s.press('5').view();
    part.update();
    expect(part.painted()[0]).toMatch(/\[0;[\d;]*7m[^m]*5 ?Stat/);
  });

  it('have one line of keys: those that fit, with their names', () => {
    const s = session(columns);
    const part = partOf(s, <Footer />);
    const [keys, ...rest] = part.lines();
    const words = footerFor(s.state).map(({ key, label }) => `${key} ${label}`);
    expect(words.length).toBeGreaterThan(3);
    expect(keys).toBe(` ${words.join('  ')}`);
    expect(keys!.length).toBeLessThanOrEqual(columns - 1);
    expect(rest.every((line) => line === '')).toBe(true);
    s.press('?');
    part.update();
    expect(part.lines()[0]).not.toBe(keys);
    expect(part.lines()[0]).toContain('close');
  });

  it.each<Said['kind']>(['done', 'error', 'info', 'hint'])(
    'have room for a status (%s), over the footer, cut where it is long',
    (kind) => {
      const s = session(columns);
      const say = (text: string) => {
        s.state = { ...s.state, status: { kind, text, until: 1e9 } };
      };
      say('Done: it is.');
      const part = partOf(s, <Status />);
      expect(part.lines().at(-2)).toBe('   Done: it is.');
      say('x'.repeat(400));
      part.update();
      expect(part.lines().at(-2)).toMatch(/^ {3}x+…?$/);
      expect(part.lines().at(-2)!.length).toBeLessThanOrEqual(columns - 3);
      s.state = { ...s.state, status: null };
      part.update();
      expect(part.text().trim()).toBe('');
    },
  );
});

it('a status that is wrong does not look as one that is done', () => {
  const s = session(80);
  const look = (kind: Said['kind']) => {
    s.state = { ...s.state, status: { kind, text: 'x', until: 1e9 } };
    return partOf(s, <Status />)
      .painted()
      .at(-2);
  };
  expect(look('error')).not.toBe(look('done'));
  expect(look('info')).toBe(look('hint'));
});

it('all of them have ASCII alone where there is no Unicode', () => {
  const s = session(120);
  s.state = { ...s.state, status: { kind: 'done', text: 'memory mapped, SUCCESS → 1 group', until: 1e9 } };
  const theme = makeTheme({ LANG: 'C' });
  const text = [<Header key="1" />, <Tabs key="2" />, <Footer key="3" />, <Status key="4" />].map((node) =>
    partOf(s, node, { theme }).text(),
  );
  expect(text.join('\n')).toMatch(/^[\n -~]*$/);
  expect(text.join('\n')).toContain('SUCCESS');
});
