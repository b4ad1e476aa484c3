import { describe, expect, it } from 'vitest';
import { ofType, rig } from '../fixture.ts';

const replies = ({ events }: ReturnType<typeof rig>) =>
  events.flatMap((e) => (e.type === 'done' || e.type === 'error' ? [[e.id, e.type]] : []));

describe('a trigger of many groups', () => {
  it('goes on between steps, is answered meanwhile, and is done once', () => {
    const r = rig({ rules: [{ then: 'success' }] });
    r.session.command({ cmd: 'trigger', id: 't', devId: r.devId(), count: 1_000 }, 'key');
    expect(replies(r)).toEqual([]);
    r.session.step(0);
    const { success } = r.session.snapshot().counters;
    expect(success).toBeGreaterThan(0);
    expect(success).toBeLessThan(1_000);
    for (let i = 0; i < 4; i++) r.session.step(Number.POSITIVE_INFINITY);
    expect(ofType(r.events, 'done')).toMatchObject([{ id: 't', cmd: 'trigger', count: 1_000 }]);
    expect(r.session.snapshot().counters.success).toBe(1_000);
  });

  it('holds back what its script says next, and nobody else', () => {
    const r = rig();
    r.session.command({ cmd: 'trigger', id: 't', devId: r.devId(), count: 600 }, 'script');
    r.session.command({ cmd: 'respond', id: 'all', all: true, code: 'success' }, 'script');
    r.session.command({ cmd: 'detach', id: 'no', devId: 99 }, 'key');
    expect(replies(r)).toEqual([['no', 'error']]);
    for (let i = 0; i < 4; i++) r.session.step(0);
    expect(replies(r)).toEqual([
      ['no', 'error'],
      ['t', 'done'],
      ['all', 'done'],
    ]);
    r.session.command({ cmd: 'quit', id: 'q' }, 'script');
    expect(r.session.ended).toBe('quit');
  });

  it('takes consecutive pages, also beside another one', () => {
    const r = rig();
    for (const id of ['a', 'b']) r.session.command({ cmd: 'trigger', id, devId: r.devId(), count: 300 }, 'key');
    for (let i = 0; i < 3; i++) r.session.step(0);
    const pages = r.session.snapshot().pending.map(({ first }) => Number(first));
    expect(pages.sort((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, i) => 0x1000_0000 + i * 4_096));
  });

  it('that the end cuts short says how far it came', () => {
    const r = rig();
    r.session.command({ cmd: 'trigger', id: 't', devId: r.devId(), count: 1_000 }, 'script');
    r.session.command({ cmd: 'respond', id: 'r', all: true, code: 'success' }, 'script');
    r.session.command({ cmd: 'quit', id: 'q', onExit: 'invalid' }, 'script');
    r.session.end('count');
    const { outstanding } = r.session.close();
    expect(replies(r)).toEqual([
      ['t', 'error'],
      ['r', 'error'],
      ['q', 'done'],
    ]);
    expect(ofType(r.events, 'error')[0]?.message).toBe('trigger: 256 of 1000 groups were triggered');
    expect(outstanding).toEqual({ groups: 256, plan: 'invalid', answered: 256 });
  });

  it('stops where the device is gone', () => {
    const r = rig();
    r.session.command({ cmd: 'trigger', id: 't', devId: r.devId(), count: 1_000 }, 'key');
    r.session.command({ cmd: 'detach', id: 'd', devId: r.devId() }, 'key');
    for (let i = 0; i < 5; i++) r.session.step(0);
    expect(replies(r)).toEqual([
      ['d', 'done'],
      ['t', 'done'],
    ]);
    expect(r.session.snapshot().counters.pending).toBe(0);
  });
});

describe('a signal', () => {
  it('is the reason of the end, and in the journal; it waits for nothing', () => {
    const r = rig();
    r.session.command({ cmd: 'trigger', devId: r.devId(), count: 1_000 }, 'script');
    r.session.command({ cmd: 'quit', signal: 'SIGTERM' }, 'script');
    expect(r.session.ended).toBe('signal');
    expect(r.session.close().reason).toBe('signal');
    expect(r.session.state.journal.recent.at(-1)).toMatchObject({ action: 'end', reason: 'signal', signal: 'SIGTERM' });
  });
});

describe('a bug of the engine', () => {
  it('is the answer to the command in which it struck, and to no later one', () => {
    const r = rig();
    r.session.command({ cmd: 'snapshot', id: 'before' }, 'script');
    const { attaching } = r.session.state.source;
    attaching!.detach = () => {
      throw new Error('struck');
    };
    expect(() => r.session.command({ cmd: 'detach', id: 'd', devId: r.devId() }, 'script')).toThrow('struck');
    r.session.fail(new Error('struck'));
    expect(ofType(r.events, 'error')).toMatchObject([{ id: 'd', kind: 'bug', message: 'the engine failed: struck' }]);
  });

  it('that strikes in a step answers nobody', () => {
    const r = rig();
    r.session.command({ cmd: 'trigger', id: 't', devId: r.devId() }, 'script');
    r.session.fail(new Error('struck'));
    expect(ofType(r.events, 'error')).toMatchObject([{ id: null, kind: 'bug' }]);
  });
});
