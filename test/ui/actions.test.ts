import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/protocol/messages.ts';
import { dialogBox } from '../../src/ui/overlays/dialog/lines.ts';
import { Session } from './fixtures/session.ts';

/** Groups 1, 2, 3 (PASID 5), 4, 5 on mock0, mock1, mock0, mock1, mock0. */
function session(): Session {
  const made = new Session(100, 40);
  for (let i = 1; i <= 5; i++) made.engine.fault(i % 2 ? 1 : 2, i === 3 ? 5 : null);
  return made.view();
}
const words = (s: Session) =>
  s.state.dialog
    ? dialogBox(s.state, s.state.dialog)
        .lines.map((line) => line.text.trim())
        .join('\n')
    : '';

describe('answering a group', () => {
  it.each([
    ['s', 'success', 'SUCCESS'],
    ['i', 'invalid', 'INVALID'],
    ['m', 'map', 'memory mapped, SUCCESS'],
  ] as const)('%s answers the selected one with %s', (key, code, said) => {
    const s = session().press(`j ${key}`);
    expect(s.engine.commands).toEqual([{ cmd: 'respond', group: 2, code, id: 1 }]);
    expect(s.state.status?.text).toBe(`Done: ${said} → group 2 of mock1`);
  });

  it('goes on to the next one, so that several can be answered in turn', () => {
    const s = session().press('s').view(0.1).press('s').view(0.1);
    expect(s.engine.commands.map((c) => (c.cmd === 'respond' ? c.group : 0))).toEqual([1, 2]);
    expect(s.state.pending.group).toBe(3);
  });

  it('does not hit what took the place of a group that has just gone', () => {
    const s = session();
    s.engine.answer(1, 3);
    s.view(0.1).press('s');
    expect(s.engine.commands).toEqual([]);
    expect(s.state.status?.text).toBe('Group 1 is gone; group 2 is selected now. Press again to answer it.');
    s.view(1).press('s');
    expect(s.engine.commands).toMatchObject([{ group: 2 }]);
  });

  it('does not hit what the terminal does not show as selected yet', () => {
    const s = session();
    s.highlighted = 1;
    s.press('j s');
    expect(s.engine.commands).toEqual([]);
    s.highlighted = 2;
    expect(s.press('s').engine.commands).toMatchObject([{ group: 2 }]);
  });

  it('works from the stream, on a fault that stands still and is pending', () => {
    const s = session().press('4 s');
    expect(s.engine.commands).toEqual([]);
    s.press('up s');
    expect(s.engine.commands).toMatchObject([{ group: 4 }]);
    s.view().press('s');
    expect(s.state.status?.text).toBe('Group 4 has been answered (success).');
  });
});

describe('answering a device', () => {
  it('asks first, and names how many', () => {
    const s = session().press('2 s');
    expect(s.state.dialog?.title).toBe('Answer SUCCESS — mock0');
    expect(words(s)).toContain('Only these 3 groups; later arrivals are not affected.');
    expect(words(s)).toContain('▶ Cancel');
    expect(s.press('enter').engine.commands).toEqual([]);
    expect(s.state.dialog).toBe(null);
  });

  it('answers the groups it was opened for, and no others', () => {
    const s = session().press('2 i');
    s.engine.fault(1);
    s.view().press('down enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'respond', groups: [1, 3, 5], code: 'invalid' }]);
  });

  it('says so when they are gone', () => {
    const s = session().press('2 down s');
    expect(words(s)).toContain('Only this group; later arrivals are not affected.');
    s.engine.answer(3, 3);
    s.view();
    expect(words(s)).toContain('The group has been answered meanwhile.');
    s.press('down enter');
    expect(s.engine.commands).toEqual([]);
    expect(s.state.status?.text).toMatch(/^Not done: /);
  });
});

describe('replacing', () => {
  it('lists what there is, and says what becomes of the pending groups', () => {
    const s = session().press('2 r');
    expect(words(s)).toContain('Now on HWPT 5 · paging · IOAS 3 · fault queue 4 · 2 users.');
    expect(words(s)).toContain('INVALID to the 2 groups pending there');
    expect(words(s)).toContain('HWPT 6 · nested · IOAS 3 · fault queue 4  · 1 user');
    expect(words(s)).toContain('HWPT 8 · paging · IOAS 3 · no fault queue · 0 users');
    s.press('down down down enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'replace', devId: 1, hwpt: 'new-paging' }]);
  });

  it('is for the attachment of the selected group', () => {
    const s = session().press('j j r');
    expect(s.state.dialog?.title).toBe('Replace the HWPT — mock0 PASID 5');
    expect(s.press('down enter').engine.commands).toMatchObject([{ cmd: 'replace', devId: 1, pasid: 5, hwpt: 5 }]);
  });

  it('acts on nothing when somebody else has replaced it meanwhile', () => {
    const s = session().press('2 r');
    s.engine.send({ command: { cmd: 'replace', devId: 1, hwpt: 8 }, cause: 'script' });
    s.view();
    expect(words(s)).toContain('mock0 is now attached to HWPT 8 (it was on HWPT 5).');
    s.press('down enter');
    expect(s.engine.commands).toHaveLength(1);
    expect(s.state.status?.kind).toBe('error');
  });
});

describe('attaching and detaching', () => {
  it('attaches a free PASID, whose number can be typed', () => {
    const s = session().press('2 a');
    expect(words(s)).toContain('PASID: 1_');
    s.press('backspace 7 down enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'attach', devId: 1, pasid: 7, hwpt: 5 }]);
  });

  it('refuses a PASID that cannot be', () => {
    const s = session().press('2 a backspace down enter');
    expect(s.engine.commands).toEqual([]);
    expect(s.state.status?.text).toBe('A PASID is 0 to 1048575.');
    expect(s.state.dialog).not.toBe(null);
  });

  it('detaches what is selected, after a question', () => {
    const s = session().press('2 down d');
    expect(words(s)).toContain('INVALID to the 1 group pending there');
    s.press('down enter').view();
    expect(s.engine.commands).toMatchObject([{ cmd: 'detach', devId: 1, pasid: 5 }]);
    expect(s.state.devices.key).toBe('1');
  });

  it.each(['d', 'r'])('%s: says which devices of its IOMMU group go with it, and counts their groups', (key) => {
    const s = session();
    const [first, second] = s.state.view!.snapshot.devices;
    s.engine.devices = [
      { ...first!, group: 7, attachments: first!.attachments.filter((a) => a.pasid === null) },
      { ...second!, group: 7 },
    ];
    const there = s.engine.devices.flatMap((d) => d.attachments).reduce((sum, a) => sum + a.pending, 0);
    expect(there).toBeGreaterThan(0);
    s.view().press(`2 ${key}`);
    expect(words(s)).toContain('mock1 goes with it: same IOMMU group.');
    expect(words(s)).toContain(`INVALID to the ${there} group`);
  });
});

describe('the rest', () => {
  it('triggers on the device of the selected row', () => {
    const s = session().press('2 down t 2 j t');
    expect(s.engine.commands).toMatchObject([
      { cmd: 'trigger', devId: 1, pasid: 5 },
      { cmd: 'trigger', devId: 2 },
    ]);
  });

  it('quits at once when nothing is outstanding, by the exit plan', () => {
    const s = new Session().view().press('q');
    expect(s.effects).toEqual([{ do: 'quit', session: 'local', onExit: 'hold' }]);
  });

  it('warns when something is, Cancel first', () => {
    const s = session().press('q');
    expect(words(s)).toMatch(
      /Applies to every group pending when you press Enter \(5 now\)\.\s+The oldest has waited 1\.0 s/,
    );
    expect(words(s)).toContain('--on-exit hold');
    expect(s.press('enter').effects).toEqual([]);
    expect(s.press('q down down enter').effects).toEqual([{ do: 'quit', session: 'local', onExit: 'invalid' }]);
  });

  it('leaves at the second Ctrl-C, and at the third without waiting', () => {
    const s = session().press('ctrl-c ctrl-c ctrl-c');
    expect(s.effects).toEqual([{ do: 'quit', session: 'local', onExit: 'hold' }, { do: 'leave now' }]);
  });

  it('shows what the engine refuses', () => {
    const s = session();
    s.engine.emit({
      type: 'error',
      t: 1,
      id: null,
      kind: 'kernel',
      operation: 'HWPT_ALLOC',
      errno: 'EOPNOTSUPP',
      message: 'HWPT_ALLOC failed\x1b[2J',
      hint: 'use a paging HWPT',
    });
    expect(s.state.status?.text).toBe('HWPT_ALLOC failed<U+001B>[2J (EOPNOTSUPP) — use a paging HWPT');
  });

  it('opens and closes the help', () => {
    const s = session().press('? down');
    expect(s.state.help).toEqual({ top: 1 });
    expect(s.press('esc').state.help).toBe(null);
  });
});

describe('trigger', () => {
  it.each([
    [5, ''],
    [8, '; its HWPT has no fault queue, so the kernel answers INVALID unseen'],
    [null, '; not attached, so the kernel answers INVALID unseen'],
  ])('on HWPT %s says whether the fault will be seen', (hwpt, why) => {
    const session = new Session();
    const command: Command = hwpt === null ? { cmd: 'detach', devId: 2 } : { cmd: 'replace', devId: 2, hwpt };
    session.engine.send({ command, cause: 'script' });
    session.view().press('2 G t');
    expect(session.state.status?.text).toBe(`Done: triggered 1 fault${why}`);
  });
});
