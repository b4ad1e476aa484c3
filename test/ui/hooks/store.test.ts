import { describe, expect, it } from 'vitest';
import { ScreenStore } from '../../../src/ui/hooks/store.ts';
import type { UiState } from '../../../src/ui/model/state.ts';
import { Session } from '../fixtures/session.ts';

/** The state of a session that is called so. */
const state = (session: string, changed: Partial<UiState> = {}): UiState => ({
  ...new Session(80, 24).state,
  session,
  ...changed,
});

describe('the store', () => {
  it('has the state that it was given last', () => {
    const store = new ScreenStore(state('a'));
    const next = state('a', { nextId: 7, page: 'stream' });
    store.set(next);
    expect(store.get('a')).toBe(next);
    expect(store.get('a')).toBe(store.get('a'));
  });

  it('keeps sessions apart: what is set for one leaves the other as it was', () => {
    const store = new ScreenStore(state('a', { nextId: 1 }));
    store.set(state('b', { nextId: 5, marks: new Set([3]) }));
    expect([store.get('a').nextId, store.get('b').nextId]).toEqual([1, 5]);
    const { marks, pending, hello } = store.get('b');
    store.set({ ...store.get('a'), nextId: 2, marks: new Set([1, 2]) });
    expect(store.get('a').nextId).toBe(2);
    expect(store.get('b').nextId).toBe(5);
    expect(store.get('b').marks).toBe(marks);
    expect(store.get('b').pending).toBe(pending);
    expect(store.get('b').hello).toBe(hello);
  });

  it('has one terminal, which all of them share', () => {
    const store = new ScreenStore(state('a'));
    store.set(state('b'));
    expect([store.get('a').page, store.get('b').page]).toEqual(['overview', 'overview']);
    store.set({ ...store.get('b'), page: 'journal', columns: 133 });
    expect([store.get('a').page, store.get('a').columns, store.get('a').session]).toEqual(['journal', 133, 'a']);
  });

  it('has the session in front that it began with', () => {
    const store = new ScreenStore(state('a'));
    store.set(state('b'));
    expect(store.front).toBe('a');
    expect(() => store.get('c')).toThrow('there is no session c');
  });

  it('tells each listener once a change, until it is gone', () => {
    const store = new ScreenStore(state('a'));
    let told = 0;
    const stop = store.subscribe(() => {
      told++;
    });
    store.set(state('a', { nextId: 2 }));
    store.set(state('b'));
    stop();
    store.set(state('a', { nextId: 3 }));
    expect(told).toBe(2);
  });
});
