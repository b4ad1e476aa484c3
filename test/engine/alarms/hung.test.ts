import { describe, expect, it } from 'vitest';
import { Journal } from '../../../src/engine/journal/journal.ts';
import { DEFAULT_ALARMS } from '../../../src/engine/options.ts';
import { Session } from '../../../src/engine/session.ts';
import type { AlarmMessage, FromEngine } from '../../../src/protocol/messages.ts';
import { openSource } from '../../../src/sources/open.ts';

/** The scenario of that name in simulated time, with everything held. */
async function play(scenario: string) {
  const options = { kind: 'mock', scenario, seed: 1, rate: 1, virtualTime: true, pauseAtMs: null } as const;
  const events: FromEngine[] = [];
  const session = new Session({
    source: await openSource(options),
    journal: new Journal(null),
    emit: (event) => events.push(event),
    version: '0.0.0',
    startedAt: '2000-01-01T00:00:00.000Z',
    options: {
      source: options,
      rules: [],
      onExit: 'hold',
      readOnly: false,
      dryRun: false,
      alarms: { ...DEFAULT_ALARMS, oldestMs: null, pending: null },
      history: 100_000,
      journal: null,
      events: true,
      until: { durationMs: null, groups: null, idleMs: null },
    },
  });
  const alarms = (): AlarmMessage[] => events.filter((e) => e.type === 'alarm');
  return { session, alarms };
}

describe('a simulated device that hangs', () => {
  it('is a critical alarm at once, without any fault or answer, and until it is answered', async () => {
    const { session, alarms } = await play('stuck');
    while (alarms().length === 0 && !session.stalled) session.step(Number.POSITIVE_INFINITY);
    const [alarm] = alarms();
    expect(alarm).toMatchObject({ change: 'raised', kind: 'hung', level: 'critical', threshold: 0 });
    // poll(2) counts milliseconds.
    expect(alarm?.value).toBeLessThan(1e6);
    const hung = () => session.snapshot().devices.filter((d) => d.hungNs !== null);
    expect(hung().map((d) => d.devId)).toEqual([alarm?.devId]);
    expect(alarm?.text).toBe(`${hung()[0]?.name} is stuck: a fault was not answered in time`);
    const before = hung()[0]?.hungNs ?? 0;
    const nowNs = session.state.nowNs();
    while (session.state.nowNs() < nowNs + 2e9) session.step(nowNs + 2e9);
    expect(hung()[0]?.hungNs).toBe(before + session.state.nowNs() - nowNs);
    session.command({ cmd: 'respond', all: true, code: 'success' }, 'key');
    session.step(session.state.nowNs() + 1e8);
    expect(alarms().map((a) => a.change)).toEqual(['raised', 'cleared']);
    expect(hung()).toEqual([]);
  });
});
