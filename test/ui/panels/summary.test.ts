import { describe, expect, it } from 'vitest';
import { TREND } from '../fixtures/fake-statistics.ts';
import { crookedRows, SIZES, screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

function session(columns: number, rows: number): Session {
  const made = new Session(columns, rows);
  made.engine.trend = TREND;
  made.engine.fault(1, 5);
  made.engine.t = 12;
  made.engine.fault(2);
  return made.view(1);
}

/** The rows of the summary, without its sides. */
async function summaryOf(made: Session, env?: NodeJS.ProcessEnv): Promise<string[]> {
  const lines = await screenOf(made, env);
  const from = lines.findIndex((line) => line.includes('─ Summary ─') || line.includes('- Summary -'));
  const to = lines.findIndex((line) => line.includes('Devices ──') || line.includes('Devices --'));
  return from < 0 ? [] : lines.slice(from + 1, to);
}

describe('the summary', () => {
  it.each(SIZES)('has straight sides at %dx%d', async (columns, rows) => {
    expect(crookedRows(await screenOf(session(columns, rows)))).toEqual([]);
  });

  it('says in three rows what an operator with a hung device needs', async () => {
    const [alarms, oldest, charts, ...more] = await summaryOf(session(80, 24));
    expect(more).toEqual([]);
    expect(alarms).toContain('no alarm');
    expect(oldest).toMatch(/oldest 13\.0 s {2}mock0 PASID 5 {2}group 1 /);
    expect(charts).toMatch(/faults\/s +3\.5 [▁-█]+ peak [\d,]+ +pending +2 [▁-█]+ peak 100/);
  });

  it('has a chart a row where there is room, and every counter', async () => {
    const [, oldest, faults, answered, pending, counters, ...more] = await summaryOf(session(120, 40));
    expect(more).toEqual([]);
    expect(oldest).toContain('mock0 PASID 5');
    expect(faults).toMatch(/faults\/s +3\.5 [▁-█]{80,} peak 1,000/);
    expect(answered).toMatch(/answered\/s +0 [▁-█]{80,} peak 400/);
    expect(pending).toMatch(/pending +2 [▁-█]{80,} peak 100/);
    for (const name of ['SUCCESS', 'INVALID', 'auto', 'refused', 'repeated', 'evicted', 'dropped']) {
      expect(counters).toContain(`${name} 0`);
    }
  });

  it('says all five numbers of the latency where it is wide', async () => {
    const made = new Session(120, 40);
    made.engine.answer(made.engine.fault(1));
    const [, latency] = await summaryOf(made.view());
    expect(latency).toContain('read→answer p50 12 µs  p95 40 µs  p99 1.2 ms  max 3.0 ms');
    expect(latency).toContain('nothing waits');
    expect(latency).toContain('(the kernel does not timestamp faults)');
  });

  it('names no group that is not the oldest', async () => {
    const made = new Session(80, 24);
    for (let i = 0; i < 300; i++) made.engine.fault(1);
    const [, oldest] = await summaryOf(made.view(5).press('G').view());
    expect(oldest).toMatch(/oldest 6\.0 s {2}mock0/);
  });

  it('is ASCII where it must be', async () => {
    const text = (await summaryOf(session(80, 24), { LANG: 'C' })).join('\n');
    expect(text).toMatch(/faults\/s +3\.5 [_.:\-=+*#]+ peak/);
    expect(text).not.toContain('?');
  });
});
