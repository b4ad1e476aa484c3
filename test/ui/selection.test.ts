import { describe, expect, it } from 'vitest';
import { bodyHeight } from '../../src/ui/model/layout-of.ts';
import { pendingLines } from '../../src/ui/panels/pending/index.tsx';
import { streamLines } from '../../src/ui/panels/stream/index.tsx';
import { panelOf } from './fixtures/panel.tsx';
import { screenOf } from './fixtures/screen.ts';
import { Session } from './fixtures/session.ts';

const faults = (session: Session, n: number) => {
  for (let i = 0; i < n; i++) session.engine.fault(1 + (i % 2));
};
const pendingGroups = (session: Session) =>
  pendingLines(session.state, bodyHeight(session.state, 'pending')).map((line) => Number(line.cells.group));
const streamSeqs = (session: Session) =>
  streamLines(session.state, bodyHeight(session.state, 'stream')).map((line) => Number(line.cells.seq));
const screenRow = (session: Session) => pendingGroups(session).indexOf(session.state.pending.group ?? -1);

describe('the selected group', () => {
  it('is the oldest at first', () => {
    const session = new Session();
    faults(session, 3);
    expect(session.view().state.pending.group).toBe(1);
  });

  it('stays selected as older ones go and newer ones come', () => {
    const session = new Session();
    faults(session, 3);
    session.view().press('j j');
    session.engine.answer(1);
    faults(session, 2);
    expect(session.view().state.pending).toMatchObject({ group: 3, index: 1 });
  });

  it('keeps its row on the screen when older ones go, in a list that is scrolled', () => {
    const session = new Session();
    faults(session, 60);
    session.view().press('pgdn').view().press('pgdn').view().press('k').view();
    const { group } = session.state.pending;
    const row = screenRow(session);
    for (let g = 1; g <= 3; g++) session.engine.answer(g);
    session.view();
    expect(session.state.pending.group).toBe(group);
    expect(screenRow(session)).toBe(row);
  });

  it('moves to its neighbour when it goes, and says when', () => {
    const session = new Session();
    faults(session, 4);
    session.view().press('j');
    session.engine.answer(2);
    expect(session.view().state.pending).toMatchObject({ group: 3, movedFrom: 2, movedAt: session.now });
  });

  it('is none when the last one goes', () => {
    const session = new Session();
    faults(session, 1);
    session.view();
    session.engine.answer(1);
    expect(session.view().state.pending.group).toBe(null);
    faults(session, 1);
    expect(session.view().state.pending.group).toBe(2);
  });

  it('can be any of thousands', () => {
    const session = new Session();
    faults(session, 2000);
    session.view().press('end').view();
    expect(session.state.pending.group).toBe(2000);
    expect(pendingGroups(session).at(-1)).toBe(2000);
    session.press('home').view();
    expect(pendingGroups(session)[0]).toBe(1);
  });

  it('is found again when it has been left far behind the window', () => {
    const session = new Session();
    faults(session, 300);
    session.view().press('3').view().press('end').view();
    for (let g = 1; g <= 250; g++) session.engine.answer(g);
    session.view().view().view();
    expect(session.state.pending).toMatchObject({ group: 300, index: 49 });
    expect(pendingGroups(session)).toContain(300);
  });
});

describe('the stream', () => {
  it('follows the newest', () => {
    const session = new Session();
    faults(session, 30);
    expect(streamSeqs(session.view()).at(-1)).toBe(30);
    faults(session, 5);
    expect(streamSeqs(session.view()).at(-1)).toBe(35);
  });

  it('stops when scrolled up, and its rows stay as others come', () => {
    const session = new Session();
    faults(session, 30);
    session.view().press('4 up');
    const rows = streamSeqs(session);
    faults(session, 500);
    session.view();
    expect(streamSeqs(session)).toEqual(rows);
    expect(session.state.stream.cursor).toBe(29);
  });

  it('follows again at End, and at the last row', () => {
    const session = new Session();
    faults(session, 30);
    session.view().press('4 up');
    expect(session.press('end').state.stream.end).toBe(null);
    expect(session.press('up down').state.stream.end).toBe(null);
  });

  it('scrolls to the very first and back', () => {
    const session = new Session();
    faults(session, 200);
    session.view().press('4 home').view();
    expect(streamSeqs(session)[0]).toBe(1);
    expect(streamSeqs(session)).toHaveLength(bodyHeight(session.state, 'stream'));
  });
});

describe('frozen', () => {
  it('holds the picture while faults come in, and counts them', () => {
    const session = new Session();
    faults(session, 5);
    session.view().press('f');
    faults(session, 7);
    session.view(12);
    expect(pendingGroups(session)).toEqual([1, 2, 3, 4, 5]);
    expect(streamSeqs(session).at(-1)).toBe(5);
    expect(session.press('f').state.frozen).toBe(null);
    expect(streamSeqs(session).at(-1)).toBe(12);
  });

  it('counts all that is pending, also what had not been fetched', () => {
    const session = new Session();
    faults(session, 50);
    expect(panelOf(session.view().press('f'), 'pending', { width: 120, height: 10 }).note()).toMatch(
      /^1 of 50 groups, \d\d of them fetched, oldest/,
    );
  });

  it('says of a group what became of it, and does not answer it twice', async () => {
    const session = new Session();
    faults(session, 4);
    session.view().press('f i').view();
    session.engine.answer(3);
    session.view();
    const states = pendingLines(session.state, 9).map(({ cells }) => cells.state);
    expect(states).toEqual(['INVALID', 'P pending', 'answered', 'P pending']);
    const sent = session.engine.commands.length;
    expect(session.press('k s').state.status?.text).toBe(
      'Group 1 has been answered INVALID since the freeze; f resumes.',
    );
    expect(session.press('j j i').state.status?.text).toBe('Group 3 has been answered since the freeze; f resumes.');
    expect(session.engine.commands).toHaveLength(sent);
    expect((await screenOf(session)).at(-1)).toContain('f resume');
    expect((await screenOf(session.press('f').view())).at(-1)).not.toContain('f resume');
  });

  it('does not send the operator to a headless command', () => {
    const session = new Session();
    faults(session, 4);
    session.view().press('f');
    // gone, and no view has told of it
    session.engine.refuse = { kind: 'gone', message: 'group 1 has been answered' };
    expect(session.press('i').state.status?.text).toBe('Group 1 has been answered since the freeze; f resumes.');
  });

  it('still scrolls', () => {
    const session = new Session();
    faults(session, 50);
    session.view().press('f 4 home').view();
    expect(streamSeqs(session)[0]).toBe(1);
    faults(session, 50);
    session.view().press('end').view();
    expect(streamSeqs(session).at(-1)).toBe(50);
  });
});
