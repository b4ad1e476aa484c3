import { describe, expect, it } from 'vitest';
import { paletteItems } from '../../src/ui/actions/palette-items.ts';
import { DEFAULT_SCREEN } from '../../src/ui/model/config.ts';
import { fuzzy } from '../../src/ui/model/fuzzy.ts';
import { THEME_NAMES } from '../../src/ui/text/theme-names.ts';
import { Session } from './fixtures/session.ts';

const CONFIG = {
  ...DEFAULT_SCREEN,
  filters: [
    { name: 'five', list: 'pending' as const, when: 'pasid == 5' },
    { name: 'writes', list: null, when: 'write' },
  ],
};

function busy(): Session {
  const session = new Session(100, 30, CONFIG);
  for (let i = 1; i <= 20; i++) session.engine.fault(1, i % 5 === 0 ? 5 : null);
  return session.view();
}

const names = ({ state }: Session): string[] => paletteItems(state, state.palette!).map((item) => item.name);

describe('finding by letters', () => {
  const items = ['success', 'next panel', 'previous panel', 'pending'].map((name) => ({
    name,
    about: `About ${name}.`,
  }));
  const found = (query: string) => fuzzy(items, query).map(({ name }) => name);

  it('puts what begins so first, then words, then letters in order', () => {
    expect(found('p')).toEqual(['previous panel', 'pending', 'next panel']);
    expect(found('panel')).toEqual(['next panel', 'previous panel']);
    expect(found('nxp')).toEqual(['next panel']);
    expect(found('pan nex')).toEqual(['next panel']);
    expect(found('zzz')).toEqual([]);
    expect(found('')).toHaveLength(4);
  });
});

describe('the palette', () => {
  it('has what can be done here, by the keys that do it', () => {
    const session = busy().press('2 :');
    expect(names(session)).toContain('detach');
    const { keys } = paletteItems(session.state, session.state.palette!).find(({ name }) => name === 'detach')!;
    expect(keys).toBe('d');
    expect(names(busy().press('3 :'))).not.toContain('detach');
  });

  it('does on Enter exactly what the key does', () => {
    const byKey = busy().press('i');
    const byName = busy().press(':').type('invalid').press('enter');
    expect(byName.state.palette).toBeNull();
    expect(byName.engine.commands).toEqual(byKey.engine.commands);
    expect(byName.engine.commands).toEqual([{ cmd: 'respond', group: 1, code: 'invalid', id: 1 }]);
  });

  it('does nothing when what was selected is already gone', () => {
    const session = busy().press(':').type('success');
    session.engine.answer(1);
    session.view().view(5);
    expect(session.state.pending.group).toBe(2);
    session.press('enter');
    expect(session.engine.commands).toEqual([]);
    expect(session.state.status?.text).toContain('The selection is gone; nothing was done');
  });

  it('goes to pages, and to a group by its number', () => {
    expect(busy().press(':').type('journal').press('enter').state.page).toBe('journal');
    const session = busy().press(':').type('17');
    expect(names(session)[0]).toBe('go to group 17');
    session.press('enter');
    expect(session.state.detail?.group).toBe(17);
    expect(session.state.pending.group).toBe(17);
  });

  it('puts a named filter in force, on its own list', () => {
    const session = busy().press('4 :').type('five').press('enter').view();
    expect(session.state.filters).toEqual({ pending: 'pasid == 5' });
    expect(session.state.page).toBe('pending');
    const stream = busy().press('4 F').type('writes').press('enter');
    expect(stream.state.filters).toEqual({ stream: 'write' });
  });

  it('says so where there are no named filters', () => {
    const session = new Session(100, 30).view().press('F');
    expect(session.state.palette).toBeNull();
    expect(session.state.status?.text).toContain('no named filters; / types one');
  });

  it.each(THEME_NAMES)('has the theme %s', (name) => {
    const session = busy().press(':').type(`theme ${name}`).press('enter');
    expect(session.state.theme).toBe(name);
  });

  it('is closed by Esc, and q is a letter in it', () => {
    const session = busy().press(':').type('q');
    expect(session.state.palette?.line.text).toBe('q');
    expect(session.press('esc').state.palette).toBeNull();
    expect(session.press(': ctrl-c').state.dialog?.kind).toBe('quit');
  });

  it('moves in its list and not beyond', () => {
    const session = busy().press(':').type('theme').press('up');
    const { length } = names(session);
    expect(session.state.palette?.at).toBe(0);
    for (let i = 0; i < length + 5; i++) session.press('down');
    expect(session.state.palette?.at).toBe(length - 1);
    expect(session.type('zzzz').press('down enter').state.palette).toBeNull();
  });
});
