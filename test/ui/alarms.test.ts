import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../src/protocol/messages.ts';
import { isRaised } from '../../src/ui/model/alarms/raised.ts';
import { shortAlarm } from '../../src/ui/model/alarms/words.ts';
import { SIZES, screenOf } from './fixtures/screen.ts';
import { Session } from './fixtures/session.ts';

const hung: Alarm = {
  kind: 'hung',
  level: 'critical',
  value: 12.3e9,
  threshold: 0,
  since: 1,
  devId: 2,
  pasid: null,
  text: 'mock1 has been stuck for 12.3 s: a fault was not answered in time',
};
const many: Alarm = {
  ...hung,
  kind: 'pending',
  level: 'warning',
  value: 1234,
  threshold: 1000,
  devId: null,
  text: '1,234 groups pending',
};
const loop: Alarm = { ...many, kind: 'refault', value: 68, devId: 1, pasid: 5, text: 'mock0 PASID 5 refault loop' };

describe('a raised alarm', () => {
  it('is one that was not there, or that has become worse; nothing else rings', () => {
    expect(isRaised([], [])).toBe(false);
    expect(isRaised([], [hung])).toBe(true);
    expect(isRaised([hung], [{ ...hung, value: 13e9 }])).toBe(false);
    expect(isRaised([hung], [hung, many])).toBe(true);
    expect(isRaised([hung, many], [hung])).toBe(false);
    expect(isRaised([many], [{ ...many, level: 'critical' }])).toBe(true);
    expect(isRaised([{ ...many, level: 'critical' }], [many])).toBe(false);
    expect(isRaised([hung], [{ ...hung, devId: 1 }])).toBe(true);
  });
});

describe('the words of an alarm', () => {
  it('say letter, place and how much', () => {
    const { devices } = new Session().engine.view().snapshot;
    const words = (alarm: Alarm) => shortAlarm(alarm, devices);
    expect(words(hung)).toBe('C mock1 stuck 12.3 s');
    expect(words(many)).toBe('W 1,234 pending');
    expect(words(loop)).toBe('W mock0 PASID 5 refaults 68×');
    expect(words({ ...hung, kind: 'oldest' })).toBe('C mock1 waits 12.3 s');
    expect(words({ ...many, kind: 'rate' })).toBe('W 1,234 faults/s');
    expect(words({ ...many, kind: 'dropped' })).toBe('W 1,234 dropped');
    const long = devices.map((device) => ({ ...device, name: '0000:3b:00.1 of the switch' }));
    expect(shortAlarm(loop, long)).toBe('W 0000:3b:00.1 … PASID 5 refaults 68×');
    expect(words({ ...hung, devId: 99 })).toBe('C device 99 stuck 12.3 s');
    const alike = devices.map((device, i) => ({ ...device, name: `the long name of number ${i}` }));
    expect(shortAlarm(hung, alike)).toBe('C the long …er 1 stuck 12.3 s');
  });
});

describe('alarms on the screen', () => {
  const alarmed = (columns: number, rows: number): Session => {
    const session = new Session(columns, rows);
    session.engine.fault(2);
    session.engine.alarms = [hung, loop, many];
    return session.view();
  };

  it.each(SIZES)('stand in the first line of every page at %dx%d', async (columns, rows) => {
    for (const page of '1234567') {
      const [title] = await screenOf(alarmed(columns, rows).press(page));
      expect(title).toMatch(/ C mock1 stuck 12\.3 s {2,3}\+2/);
    }
  });

  it('are those of this moment also while the picture is frozen', async () => {
    const session = alarmed(80, 24).press('f');
    session.engine.alarms = [{ ...hung, value: 20e9 }];
    expect((await screenOf(session.view()))[0]).toContain('C mock1 stuck 20.0 s');
  });

  it('leave room for all that must be said at 60×16', async () => {
    const session = alarmed(60, 16);
    session.state = { ...session.state, hello: { ...session.state.hello, readOnly: true } };
    session.press('f');
    for (let i = 0; i < 384; i++) session.engine.fault(1);
    const [title] = await screenOf(session.view(12));
    for (const words of ['MOCK', 'READ-ONLY', 'C mock1 stuck 12.3 s', 'FROZEN 12s +384'])
      expect(title).toContain(words);
  });

  it('are told in the summary, the worst in its own words', async () => {
    const lines = await screenOf(alarmed(80, 24));
    expect(lines[4]).toContain('│  C mock1 stuck 12.3 s  W mock0 PASID 5 refaults 68×  W 1,234 pending  ');
    const least = await screenOf(alarmed(60, 24));
    expect(least[4]).toContain('│  C mock1 stuck 12.3 s  +2 more ');
    const alone = alarmed(80, 24);
    alone.engine.alarms = [hung];
    const [sentence] = (await screenOf(alone.view())).slice(4);
    expect(sentence).toContain('C mock1 has been stuck for 12.3 s: a fault was not answered in time');
    const wide = await screenOf(alarmed(120, 40));
    expect(wide[4]).toMatch(/answered in time {2}W mock0 PASID 5 refaults 68× {2}(W 1,234 pending|\+1 more)/);
  });

  it('have a place where there are none', async () => {
    expect((await screenOf(new Session(80, 24).view()))[4]).toContain('no alarm');
  });
});
