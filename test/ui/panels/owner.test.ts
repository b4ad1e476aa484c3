import { describe, expect, it } from 'vitest';
import { OWNER, ownerSession, QUEUE } from '../fixtures/owner.ts';
import { crookedRows, SIZES, screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

const LONG = `${'very-long-name '.repeat(20)}\x1b[31m`;
const textOf = async (session: Session, env?: NodeJS.ProcessEnv): Promise<string> =>
  (await screenOf(session, env)).join('\n');

describe('the owner on the overview', () => {
  it.each(SIZES)('has straight sides, says who, and that a queue is not read, at %dx%d', async (columns, rows) => {
    const lines = await screenOf(ownerSession(columns, rows));
    expect(crookedRows(lines)).toEqual([]);
    const text = lines.join('\n');
    expect(text).toMatch(/─ Owner of the queues ─/);
    expect(text).toMatch(/PID 1234 .*S sleeps in futex_do_wait/);
    expect(text).toMatch(/fd 17 .*readable for 12\.0 s.*(not being read|the owner is not reading it)/);
  });

  it('says what can be done, and that nothing is read', async () => {
    const text = await textOf(ownerSession(120, 40));
    expect(text).toContain('O takes the queues over, R frees the devices, Z stops it, 8 shows all that is known');
    expect(text).toContain('watching, nothing is read');
    expect(text).toContain('Only watching PID 1234: a device is known by its faults');
    expect(text).not.toMatch(/Nothing waits|nothing waits|s answers SUCCESS/);
  });

  it('has the queues that nobody reads first, and counts those that have no room', async () => {
    const queues = [1, 2, 3, 4, 5].map((n) => ({ ...QUEUE, fd: n, readableNs: n * 1e9 }));
    const text = await textOf(ownerSession(80, 24, { queues }));
    expect(text).toMatch(/fd 5 .*\+4 more/);
    expect(text).not.toMatch(/fd 1 /);
  });

  it('leaves its place to a closer look, and is not there without --pid', async () => {
    const session = ownerSession(120, 40, { taken: true });
    session.engine.fault(1);
    expect(await textOf(session.view().press('3').press('1').press('enter').view())).not.toContain(
      'Owner of the queues',
    );
    expect(await textOf(new Session(120, 40).view())).not.toContain('Owner');
  });
});

describe('the page of the owner', () => {
  it.each(SIZES)('has straight sides and no cut word at %dx%d', async (columns, rows) => {
    const lines = await screenOf(ownerSession(columns, rows).press('8').view());
    expect(crookedRows(lines)).toEqual([]);
    expect(lines.slice(4, -2).join('\n')).not.toContain('…');
    expect(lines.join('\n')).toMatch(/process +PID 1234, qemu-system-x86/);
  });

  it('has all that is known', async () => {
    const text = await textOf(
      ownerSession(120, 60, { unread: ['kernel stack: EACCES'] })
        .press('8')
        .view(),
    );
    for (const known of [
      'PID 1234, qemu-system-x86, uid 64055, 8 threads',
      'S sleeps in futex_do_wait (system call 202)',
      'POLLIN: readable for 12.0 s at 24 of 24 polls: the owner is not reading it',
      'empty at each of 24 polls; fd 21 is the same queue',
      '1 of its 2 queues is not read: devices wait for answers.',
      'fd 12    /dev/iommu',
      '0000:17:00.0  /dev/vfio/devices/vfio0',
      'futex_do_wait+0x38/0x70',
      'What could not be read',
      'kernel stack: EACCES',
    ])
      expect(text).toContain(known);
  });

  it('says near the queues why it is not known whether groups wait', async () => {
    const queues = [{ ...QUEUE, readable: null, readableNs: null, looks: 0, readableLooks: 0 }];
    const why = 'whether groups wait in its queues: EPERM; kernel.yama.ptrace_scope is 1';
    const text = await textOf(
      ownerSession(80, 24, { queues, unread: [why] })
        .press('8')
        .view(),
    );
    expect(text).toMatch(/not known whether[\s\S]*What could not be read[\s\S]*ptrace_scope[\s\S]*What can be done/);
  });

  it('is said everywhere to have ended, once it has', async () => {
    const s = ownerSession(80, 24, { state: null, threads: 0 });
    s.press('left');
    const text = await textOf(s);
    expect(text).toMatch(
      /OWNER ENDED[\s\S]*closed with its process[\s\S]*nothing is known here[\s\S]*PID 1234 has ended/,
    );
    expect(text).not.toMatch(/looking|Looking|takes/);
  });

  it('can be scrolled to its end and back, and not beyond', async () => {
    const session = ownerSession(60, 16).press('8').view();
    expect((await screenOf(session))[3]).toContain('↓ for more');
    const end = session.press('G').state.owner.top;
    expect(session.press('pgdn j').state.owner.top).toBe(end);
    const lines = await screenOf(session);
    expect(lines[3]).toContain('↑ for the rest');
    expect(lines.join('\n')).toContain('do_syscall_64');
    expect(session.press('g').state.owner.top).toBe(0);
  });

  it('stands still at the end when there is less to show', () => {
    const session = ownerSession(60, 16).press('8').view().press('G');
    session.engine.owner = { ...OWNER, stack: null, devices: [], iommufds: [], command: '' };
    expect(session.view().state.owner.top).toBeLessThan(12);
    session.state = { ...session.state, columns: 200, rows: 60 };
    expect(session.view().state.owner.top).toBe(0);
  });

  it('lets nothing from outside move the cursor or the sides', async () => {
    const rude = { comm: LONG, command: LONG, wchan: LONG, syscall: LONG, stack: [LONG], unread: [LONG] };
    for (const page of ['1', '8']) {
      const lines = await screenOf(
        ownerSession(80, 24, { ...rude, state: 'S' })
          .press(page)
          .view(),
      );
      expect(crookedRows(lines)).toEqual([]);
    }
  });

  it('is ASCII where it must be', async () => {
    for (const page of ['1', '8']) {
      const text = await textOf(ownerSession(120, 40).press(page).view(), { LANG: 'C' });
      expect(text).toContain('PID 1234');
      expect(text).not.toMatch(/[^\x20-\x7e\n]|\?(?! help)/);
    }
  });

  it('is reached by Tab and by its tab only where there is an owner', () => {
    expect(ownerSession().press('shift-tab').state.page).toBe('owner');
    expect(ownerSession().press('7 tab').state.page).toBe('owner');
    const none = new Session(80, 24).view();
    expect(none.press('shift-tab').state.page).toBe('rules');
    expect(none.press('8').state).toMatchObject({ page: 'rules', status: { text: expect.stringContaining('--pid') } });
  });

  it('can be copied, as text and as the JSON of the stream', () => {
    const session = ownerSession().press('8 y');
    expect(session.effects).toMatchObject([{ do: 'copy', what: 'PID 1234', text: expect.stringContaining('fd 17') }]);
  });
});
