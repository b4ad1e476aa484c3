import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import type { Command } from '../../src/protocol/messages.ts';
import { DEFAULT_SCREEN } from '../../src/ui/model/config.ts';
import { CHANGING } from '../../src/ui/model/keys.ts';
import { ofType, type Rig, rig } from '../engine/fixture.ts';
import { RealEngine } from '../ui/fixtures/real-engine.ts';
import { screenOf } from '../ui/fixtures/screen.ts';
import { Session } from '../ui/fixtures/session.ts';
import { type Happening, WatchingSource } from './watching-source.ts';

const COMING: readonly Happening[] = [
  { at: 1e9, devId: 1, grpid: 7, addr: 0x1000n },
  { at: 2e9, devId: 1, pasid: 5, grpid: 7, addr: 0x2000n },
  { at: 2e9, devId: 2, grpid: 1, addr: 0x3000n },
  { at: 3e9, devId: 1, grpid: 7, ended: 'invalid' },
  { at: 4e9, devId: 2, grpid: 1, ended: 'unknown' },
  { at: 5e9, devId: 9, grpid: 1, ended: 'success' },
];

let r: Rig;
const until = (ns: number): void => {
  while (r.session.state.nowNs() < ns) r.session.step(ns);
};
const pending = () => r.session.snapshot().pending.map(({ device, pasid, first }) => [device, pasid, first]);

beforeEach(() => {
  const clock = new VirtualClock();
  r = rig({ on: new WatchingSource(clock, COMING), onExit: 'success', rules: [{ then: 'invalid' }] });
});

describe('a source that only watches', () => {
  it('shows what came, and what others have answered', () => {
    until(2.5e9);
    expect(pending()).toEqual([
      ['0000:17:01.0', null, '0x1000'],
      ['0000:17:01.0', 5, '0x2000'],
      ['0000:17:02.0', null, '0x3000'],
    ]);
    until(6e9);
    expect(pending()).toEqual([['0000:17:01.0', 5, '0x2000']]);
    const { counters, devices, queues } = r.session.snapshot();
    expect(counters).toMatchObject({ faults: 3, groups: 3, success: 0, invalid: 0, pending: 1 });
    expect(devices.map(({ name, faults, attachments }) => [name, faults, attachments])).toEqual([
      ['0000:17:01.0', 2, []],
      ['0000:17:02.0', 1, []],
    ]);
    expect(queues).toEqual([]);
  });

  it('has the times of what came, not of when that was told', () => {
    r = rig({ on: new WatchingSource(new VirtualClock(), COMING.slice(0, 2), 1.5e9) });
    until(4e9);
    expect(r.session.snapshot().pending.map(({ ageNs }) => ageNs)).toEqual([3e9, 2e9]);
  });

  it('answers nothing at the end', () => {
    until(6e9);
    expect(r.session.close().outstanding).toEqual({ groups: 1, plan: 'hold', answered: 0 });
    expect(ofType(r.events, 'error')).toEqual([]);
  });

  const watched = /^(\w+): faults are only watched here; they are answered elsewhere$/;
  it.each<[Command, RegExp]>([
    [{ cmd: 'respond', all: true, code: 'success' }, watched],
    [{ cmd: 'respond', group: 1, code: 'map' }, watched],
    [{ cmd: 'policy', rules: [] }, watched],
    [{ cmd: 'attach', devId: 1, hwpt: 'new-paging' }, watched],
    [{ cmd: 'replace', devId: 1, hwpt: 'new-paging' }, watched],
    [{ cmd: 'detach', devId: 1 }, watched],
    [{ cmd: 'trigger', devId: 1 }, watched],
    [{ cmd: 'take' }, /^take: not watching another process$/],
    [{ cmd: 'stop' }, /^stop: not watching another process$/],
    [{ cmd: 'continue' }, /^continue: not watching another process$/],
    [{ cmd: 'rescue' }, /^rescue: not watching another process$/],
  ])('refuses %j', (command, words) => {
    until(2.5e9);
    const before = pending();
    r.session.command({ ...command, id: 'x' }, 'script');
    r.session.step(0);
    const errors = ofType(r.events, 'error');
    expect(errors).toMatchObject([{ id: 'x', kind: 'refused', hint: expect.stringMatching(/^start with --/) }]);
    expect(errors[0]?.message).toMatch(words);
    expect(pending()).toEqual(before);
    expect(ofType(r.events, 'done')).toEqual([]);
  });
});

describe('on the screen', () => {
  const open = (): Session<RealEngine> => {
    const engine = new RealEngine(r);
    until(2.5e9);
    return new Session(120, 40, DEFAULT_SCREEN, r.session.hello, engine).view();
  };
  const text = async (s: Session<RealEngine>) => (await screenOf(s as never)).join('\n');

  it('no key that would act is offered, in the footer, the palette or the help', async () => {
    const s = open();
    const acting = s.state.keys.filter(({ id }) => CHANGING.includes(id));
    for (const page of ['1', '2', '3', '4', '5', '6', '7']) {
      const footer = (await text(s.press(page).view())).split('\n').at(-1) ?? '';
      expect(footer).toContain('? help');
      for (const { label } of acting) expect(footer).not.toMatch(new RegExp(` ${label}( |$)`));
    }
    s.press('3 ?').view();
    const help = await text(s);
    expect(help).toContain('Freeze or resume the display');
    for (const line of acting) expect(help).not.toContain(line.help.slice(0, 30));
    s.press('esc :').view();
    const palette = await text(s);
    for (const line of acting) expect(palette).not.toContain(line.help.slice(0, 30));
  });

  it('one that is pressed all the same says why, opens nothing and sends nothing', () => {
    const s = open();
    for (const { id, keys } of s.state.keys.filter((binding) => CHANGING.includes(binding.id))) {
      const page = id.toLowerCase().includes('rule') ? '7' : '3';
      s.press(page)
        .view()
        .keys({ name: keys[0] as string, text: keys[0] as string });
      expect([id, s.state.dialog, s.state.form]).toEqual([id, null, null]);
      expect(s.state.status?.text).toMatch(/only watched here|Not watching a process/);
    }
    expect(s.engine.commands).toEqual([]);
  });

  it('is left without a question about what nobody here can answer', () => {
    const s = open().press('q').view();
    expect(s.state.dialog).toBeNull();
    expect(s.effects.at(-1)).toMatchObject({ do: 'quit' });
  });
});
