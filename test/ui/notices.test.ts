// What is told of where the faults come from: in the message line, in the journal, in the header and on the devices page.
import { describe, expect, it } from 'vitest';
import { NOTICE_KINDS } from '../../src/protocol/messages.ts';
import { journalRow } from '../../src/ui/panels/journal/rows.ts';
import { HANDED_HELLO, ownerSession } from './fixtures/owner.ts';
import { screenOf } from './fixtures/screen.ts';
import { Session } from './fixtures/session.ts';

const textOf = async (session: Session): Promise<string> => (await screenOf(session)).join('\n');
const notice = (text: string) => ({ type: 'notice', t: 1, what: 'connected', text }) as const;

describe('a notice', () => {
  it('is in the message line, and moves nothing there', async () => {
    const s = new Session(100, 30).view();
    s.engine.emit(notice('PID 7 (vmm\x1b[2J) handed queue 1 over'));
    expect((await screenOf(s)).at(-2)).toContain('PID 7 (vmm<U+001B>[2J) handed queue 1 over');
  });

  it('takes no error away that is still to be read', () => {
    const s = new Session(100, 30).view();
    s.engine.refuse = { kind: 'refused', message: 'no such thing' };
    s.press('t');
    s.engine.emit(notice('queue 1 came'));
    expect(s.state.status?.text).toContain('no such thing');
    s.now += 11;
    s.view().engine.emit(notice('queue 1 came'));
    expect(s.state.status?.text).toBe('queue 1 came');
  });

  it.each(NOTICE_KINDS)('%s has words in the journal, and no cut action at any width', (action) => {
    for (const width of [50, 75, 115]) {
      const { cells } = journalRow({ t: 1, action, text: 'what it was' }, [], '1.000', width);
      expect(cells.what).toBe('what it was');
      expect(cells.action!.length).toBeLessThanOrEqual(width < 80 ? 'detached'.length : 'auto-responded'.length);
    }
  });
});

describe('the header', () => {
  const title = async (changed: Parameters<typeof ownerSession>[2], columns = 80): Promise<string> =>
    (await screenOf(ownerSession(columns, 24, changed)))[0]!;

  it('says by word whether it is looked at, taken over, stopped or ended', async () => {
    expect(await title({})).toMatch(/PID 1234 +WATCHING/);
    expect(await title({ taken: true })).toMatch(/TAKEN OVER {2}/);
    expect(await title({ taken: true, state: 'T', stopped: true })).toMatch(/TAKEN OVER +STOPPED/);
    expect(await title({ state: 't' })).toMatch(/WATCHING +STOPPED/);
    expect(await title({ state: null })).toMatch(/OWNER ENDED/);
    expect(await title({ taken: true, state: 'T', stopped: true }, 60)).toMatch(/TAKEN OVER +STOPPED/);
  });

  it('says while it is rescued', async () => {
    const s = ownerSession().press('R').type('1234');
    s.engine.onMessage(() => {});
    expect((await screenOf(s.press('enter')))[0]).toContain('RESCUING');
  });
});

describe('unseen groups', () => {
  it('are counted where answers are, and nowhere while there are none', async () => {
    const s = ownerSession(200, 60, { taken: true });
    s.engine.answer(s.engine.fault(1));
    expect(await textOf(s.view())).not.toContain('unseen');
    s.engine.unseen = 20;
    const text = await textOf(s.view());
    expect(text.match(/unseen 20/g)).toHaveLength(2);
    expect(text).toContain('20 unseen, by a rescue');
    expect(await textOf(s.press('5').view())).toContain("without a rescue's 20 unseen groups");
  });
});

describe('devices behind queues that are not ours', () => {
  const BARE = { pasidCapable: false, attachments: [], pending: 0, oldestNs: null, rate: 0, faults: 1, quietNs: 1e9 };
  const DEVICE = { ...BARE, devId: 3, name: 'device 3', hungNs: null, note: null };

  it('have an attachment that is not known, and faults that come here or to their owner', async () => {
    const row = async (taken: boolean): Promise<string> => {
      const s = ownerSession(120, 40, { taken });
      s.engine.devices = [DEVICE];
      return (await screenOf(s.press('2').view())).find((line) => line.includes('device 3'))!;
    };
    expect(await row(true)).toMatch(/not known .* us /);
    expect(await row(false)).toMatch(/not known .* owner /);
  });

  it('tell a queue that is closed from one that is empty', async () => {
    const s = new Session(200, 40).view();
    s.engine.queues = [{ queue: 0, faultId: 4, fd: -1, readable: false, pending: 0, faults: 9, closed: true }];
    const text = await textOf(s.press('2').view());
    expect(text).toMatch(/mock0 .* closed /);
    expect(text).toContain('1 queue closed');
  });

  it('wait for a queue, or for a fault', async () => {
    const handed = ownerSession(100, 30);
    handed.engine.owner = null;
    handed.state = { ...handed.state, hello: HANDED_HELLO };
    expect(await textOf(handed.view())).toContain('no queue is open here');
    handed.engine.queues = [{ queue: 0, faultId: 0, fd: 5, readable: false, pending: 0, faults: 0, closed: false }];
    expect(await textOf(handed.view())).toContain('No fault has arrived through 1 open queue yet.');
  });
});
