import { describe, expect, it } from 'vitest';
import { dialogBox } from '../../../src/ui/overlays/dialog/lines.ts';
import { OWNER, ownerSession, QUEUE, TAKEN } from '../fixtures/owner.ts';
import { screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

const words = ({ state }: Session): string =>
  dialogBox(state, state.dialog!)
    .lines.map((line) => line.text.trim())
    .join(' ');
const choices = ({ state }: Session): string[] => state.dialog!.choices.map(({ label }) => label);

describe('taking over', () => {
  it('says first what it does to the owner, Cancel selected', () => {
    const s = ownerSession().press('O').view();
    expect(words(s)).toContain('2 fault queues of qemu-system-x86 (fd 17, fd 18)');
    expect(words(s)).toContain('PID 1234 never sees what iopftop reads from now on; it cannot be given back.');
    expect(words(s)).toContain('▶ Cancel');
    expect(s.press('enter').engine.commands).toEqual([]);
    expect(s.state.dialog).toBeNull();
  });

  it('is not done until the PID is typed, whatever Enter is pressed on', () => {
    const s = ownerSession().press('O down enter');
    expect(s.state.dialog).not.toBeNull();
    expect(s.state.status?.text).toBe('Nothing is done until 1234 is typed.');
    s.type('123').press('enter');
    s.type('45').press('enter enter');
    expect(s.engine.commands).toEqual([]);
    s.press('backspace enter');
    expect(s.engine.commands).toEqual([{ cmd: 'take', id: expect.any(Number) }]);
    expect(s.state.dialog).toBeNull();
  });

  it('is selected once the PID is typed', () => {
    const s = ownerSession().press('O').type('1234');
    expect(words(s)).toContain('▶ Take 2 queues over');
    expect(words(s)).toContain('1234  ok');
    expect(s.press('enter').engine.commands).toMatchObject([{ cmd: 'take' }]);
  });

  it('is not confirmed by what is pasted', () => {
    const s = ownerSession().press('O').keys({ name: 'paste', text: '1234' }).press('down enter');
    expect(s.engine.commands).toEqual([]);
  });

  it('is for the process that it was opened for, or for nobody', () => {
    const ended = ownerSession().press('O').type('1234');
    ended.engine.owner = { ...OWNER, state: null };
    expect(words(ended.view())).toContain('PID 1234 has ended meanwhile');
    expect(words(ended)).not.toContain('Type the PID');
    expect(ended.press('enter').engine.commands).toEqual([]);
    expect(ended.state.status?.text).toContain('Not done');
    const other = ownerSession().press('O').type('1234');
    other.engine.owner = { ...OWNER, pid: 99 };
    expect(other.view().press('enter').engine.commands).toEqual([]);
  });

  it('is offered for a queue that has come since', () => {
    const s = ownerSession(80, 24, { taken: true, queues: [...TAKEN.queues, { ...QUEUE, fd: 30 }] })
      .press('O')
      .view();
    expect(words(s)).toContain('1 fault queue of qemu-system-x86 (fd 30)');
  });

  it('is not offered twice', () => {
    const s = ownerSession(80, 24, { taken: true }).press('O');
    expect(s.state).toMatchObject({ dialog: null, status: { text: expect.stringContaining('already taken over') } });
    const meanwhile = ownerSession().press('O').type('1234');
    meanwhile.engine.owner = { ...OWNER, ...TAKEN };
    expect(words(meanwhile.view())).toContain('already taken over');
  });
});

describe('a rescue', () => {
  it('stops it, answers INVALID and resumes it, unless told otherwise', () => {
    const s = ownerSession().press('R').view();
    expect(words(s)).toMatch(/^Stops PID 1234 \(SIGSTOP\), reads everything .* INVALID; .* resumes it\./);
    expect(words(s)).toContain('Its queues are then given back to it.');
    s.type('1234').press('enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'rescue', stop: true, resume: true, code: 'invalid' }]);
    expect(s.engine.commands[0]).not.toHaveProperty('unseenSuccess');
  });

  it('says what each way of it risks', () => {
    const s = ownerSession(100, 40).press('R down space').view();
    expect(choices(s)).toEqual([
      'Cancel',
      'Stop it first:  no',
      'Answer:         INVALID',
      'Rescue the devices of PID 1234',
    ]);
    expect(words(s)).toContain('PID 1234 keeps running');
    s.press('space down space').view();
    expect(choices(s)[2]).toBe('Afterwards:     it stays stopped');
    expect(words(s)).toContain('kill -CONT 1234');
    s.type('1234').press('enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'rescue', stop: true, resume: false, code: 'invalid' }]);
  });

  it('wants another word typed for SUCCESS to groups that nobody has seen', () => {
    const s = ownerSession(100, 40).press('R').type('1234').press('up enter').view();
    expect(words(s)).toContain('type success: _');
    s.press('down enter');
    expect(s.state.status?.text).toBe('Nothing is done until success is typed.');
    expect(s.engine.commands).toEqual([]);
    // letters that are keys of dialogs are letters here
    s.type('q').press('backspace').type('success');
    expect(s.state.dialog?.at).toBe(4);
    s.press('enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'rescue', code: 'success', unseenSuccess: true }]);
  });

  it('needs no word any more once it is INVALID again', () => {
    const s = ownerSession(100, 40).press('R down down down space space').type('1234').press('enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'rescue', code: 'invalid' }]);
  });

  it('is whole at 80×24, and at 60×16 has what is needed and says that there is more', async () => {
    const wide = (await screenOf(ownerSession(80, 24).press('R').view())).join('\n');
    expect(wide).toMatch(
      /Stops PID 1234[\s\S]*then given back to it[\s\S]*▶ Cancel[\s\S]*Rescue the devices of PID 1234/,
    );
    const lines = await screenOf(ownerSession(60, 16).press('R').type('12').view());
    const text = lines.join('\n');
    expect(text).toMatch(/Stops PID 1234[\s\S]*…[\s\S]*Type the PID, 1234: 12_[\s\S]*▶ Cancel[\s\S]*1 of 5/);
    expect(lines[0]).toContain('╭─ Rescue — PID 1234');
    expect(lines.at(-1)).toContain('╰─');
  });
});

describe('what came of a rescue', () => {
  const REPORT = {
    pid: 1234,
    stopped: true,
    resumed: true,
    ended: false,
    code: 'invalid' as const,
    queues: [
      { fd: 17, queue: 0, drained: 30, held: 0, unseen: 20, scanned: 65_556, error: null },
      { fd: 18, queue: 1, drained: 0, held: 0, unseen: 0, scanned: 0, error: 'write: EIO' },
    ],
  };

  it('is said group by group, queue by queue, and whether the owner goes on', () => {
    const s = ownerSession(100, 40).press('R').type('1234');
    s.engine.rescued = REPORT;
    s.engine.t += 0.5;
    s.press('enter');
    expect(words(s)).not.toContain('Its queues');
    s.view();
    expect(s.state.dialog?.title).toBe('Rescued — PID 1234');
    expect(words(s)).toContain(
      'INVALID to 30 groups that waited in its queues, and to 20 that it had read and never answered.',
    );
    expect(words(s)).toContain('fd 17: 30 read and answered, 20 unseen; cookies tried up to 65,556.');
    expect(words(s)).toContain(
      'fd 18: 0 read and answered, 0 unseen; cookies tried up to 0. NOT COMPLETED: write: EIO.',
    );
    expect(words(s)).toContain('PID 1234 was stopped, and then resumed.');
    expect(s.press('enter').state.dialog).toBeNull();
    expect(s.engine.commands).toHaveLength(1);
  });

  it('stays readable when the owner has ended by then, and does not break into what is being typed', () => {
    const s = ownerSession(100, 40).press('R').type('1234');
    s.engine.rescued = { ...REPORT, resumed: false, ended: true };
    s.press('enter');
    s.engine.owner = { ...OWNER, state: null };
    expect(words(s.view())).toContain('20 that it had read');
    expect(words(s)).toContain('PID 1234 has ended meanwhile.');
    expect(words(s)).not.toContain('If it answers');
    s.press('enter /').type('pasid');
    s.engine.send({ command: { cmd: 'rescue', id: 99 }, cause: 'key' });
    expect(s.state.dialog).toBeNull();
    expect(s.state.prompt?.line.text).toBe('pasid');
  });
});

describe('stopping', () => {
  it('is asked about, and undone at once', () => {
    const s = ownerSession().press('Z').view();
    expect(words(s)).toContain('A VM in it is stopped too');
    s.press('down enter');
    s.engine.owner = { ...OWNER, state: 'T', stopped: true };
    s.view().press('Z');
    expect(s.engine.commands).toMatchObject([{ cmd: 'stop' }, { cmd: 'continue' }]);
  });

  it('is not taken for ours where somebody else has stopped it', () => {
    const s = ownerSession(80, 24, { state: 'T' }).press('Z');
    expect(s.state.status?.text).toContain('kill -CONT 1234');
    expect(s.engine.commands).toEqual([]);
  });
});

describe('what cannot be', () => {
  const said = (s: Session) => s.state.status?.text;

  it.each(['O', 'R', 'Z'])('%s does nothing where the run is read-only, has no owner, or one that has ended', (key) => {
    const readOnly = ownerSession();
    readOnly.state = { ...readOnly.state, hello: { ...readOnly.state.hello, readOnly: true } };
    expect(said(readOnly.press(key))).toContain('read-only');
    expect(said(ownerSession(80, 24, { state: 'Z' }).press(key))).toContain('PID 1234 has ended');
    expect(said(new Session(80, 24).view().press(key))).toContain('--pid');
    expect(readOnly.state.dialog).toBeNull();
  });

  it.each(['O', 'R'])('%s does nothing to a process without fault queues', (key) => {
    expect(said(ownerSession(80, 24, { queues: [] }).press(key))).toContain('no fault queue');
  });

  it('is not in the footer, the palette and the help', async () => {
    const none = new Session(120, 40).view();
    const shown = async (s: Session) => (await screenOf(s)).join('\n');
    expect(await shown(none)).not.toMatch(/take over|rescue/);
    expect(await shown(none.press(':').type('rescue'))).not.toContain('Free the devices');
    expect(await shown(none.press('esc ?'))).not.toContain('(SIGSTOP)');
    expect(
      await shown(
        ownerSession(120, 40, { queues: [QUEUE] })
          .press(':')
          .type('rescue'),
      ),
    ).toContain('Free the devices');
    expect(await shown(ownerSession(120, 80).press('?'))).toContain('Stop the other process (SIGSTOP)');
  });
});
