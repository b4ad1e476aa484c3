import { describe, expect, it } from 'vitest';
import { crookedRows, SIZES, screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

function session(columns: number, rows: number): Session {
  const made = new Session(columns, rows);
  made.engine.fault(1, 5);
  return made.press('2').view(3);
}

describe('the devices page', () => {
  it.each(SIZES)('has straight sides, and pending and oldest of each row, at %dx%d', async (columns, rows) => {
    const lines = await screenOf(session(columns, rows));
    expect(crookedRows(lines)).toEqual([]);
    for (const name of ['mock0', 'PASID 5']) {
      expect(lines.find((line) => line.includes(name))).toMatch(/ 1 +3\.0 s/);
    }
    expect(lines.find((line) => line.includes('mock1'))).toMatch(/ 0 +- /);
  });

  it('has rate, faults, queue and poll state of each attachment where it is wide', async () => {
    const made = session(200, 60);
    const lines = await screenOf(made);
    const titles = lines.find((line) => line.includes('DEVICE / PASID'))!;
    expect(titles).toMatch(/HWPT +IOAS +QUEUE +HANDLER +FAULTS\/S +PEND +OLDEST +FAULTS +LAST FAULT +POLL/);
    const row = lines.find((line) => line.includes('PASID 5'))!;
    expect(row).toMatch(/nested 6 +3 +4 +us +1\.5 +1 +3\.0 s +1 +empty/);
    made.engine.queues = [{ queue: 0, faultId: 4, fd: 9, readable: true, pending: 1, faults: 1 }];
    expect((await screenOf(made.view())).find((line) => line.includes('PASID 5'))).toContain('POLLIN');
  });

  it('counts those that are hung', async () => {
    const made = session(80, 24);
    made.engine.hung.set(1, 2e9);
    expect((await screenOf(made.view()))[3]).toContain('2 devices, 2 attached, 1 hung');
  });
});
