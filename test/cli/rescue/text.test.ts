import { describe, expect, it } from 'vitest';
import { planText, reportText } from '../../../src/cli/rescue/text.ts';
import type { OwnerRow, RescueReport } from '../../../src/protocol/messages.ts';

const OWNER: OwnerRow = {
  pid: 9,
  comm: 'vmm\x1b[2J',
  command: 'vmm --vfio',
  uid: 64,
  state: 'S',
  threads: 3,
  wchan: 'futex_do_wait',
  syscall: 'system call 202',
  stack: null,
  stopped: false,
  goesOnAtEnd: false,
  taken: false,
  queues: [{ fd: 4, others: [7], readable: true, readableNs: 1.2e9, looks: 3, readableLooks: 3, queue: null }],
  iommufds: [3],
  devices: [{ fd: 5, path: '/dev/vfio/devices/vfio0', address: '0000:17:00.0' }],
  unread: ['kernel stack: EACCES'],
};

const PLAN = {
  pid: 9,
  stop: true,
  resume: true,
  code: 'invalid',
  unseenSuccess: null,
  scan: null,
  dryRun: false,
  yes: true,
  json: false,
} as const;

const REPORT: RescueReport = {
  pid: 9,
  stopped: true,
  resumed: true,
  ended: false,
  code: 'invalid',
  queues: [{ fd: 4, queue: 0, drained: 30, held: 0, unseen: 20, scanned: 65_586, error: null }],
};

describe('what is said before', () => {
  it('is what is known, done and risked, within the width and without control characters', () => {
    const text = planText(PLAN, OWNER, 60);
    expect(text).toContain('PID 9 vmm<U+001B>[2J, uid 64: sleeping in futex_do_wait (system call 202), 3 threads\n');
    expect(text).toMatch(/device: 0000:17:00\.0, descriptor 5\n {2}not known: kernel stack: EACCES\n/);
    expect(text).toMatch(/\n {3}4 {2}7 {5}yes +1\.2s +3 of 3 +-\n/);
    const said = text.slice(text.indexOf('WHAT IT DOES'));
    for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(planText({ ...PLAN, dryRun: true }, OWNER, 60)).toContain('WHAT A RESCUE DOES\n');
  });
});

describe('what came of it', () => {
  it('is counted queue by queue', () => {
    expect(reportText(REPORT)).toBe(
      [
        'PID 9: 50 groups answered INVALID; it was stopped and then resumed',
        '',
        'QUEUES',
        '  FD  WAITED  HELD  UNSEEN  TRIED UP TO  COMPLETE',
        '   4      30     0      20        65586  yes',
        '',
      ].join('\n'),
    );
  });

  it('also where there was nothing, or it did not come to its end', () => {
    const [queue] = REPORT.queues;
    const nothing = { ...queue!, drained: 0, unseen: 0 };
    expect(reportText({ ...REPORT, queues: [nothing] })).toMatch(/^PID 9: nothing to answer/);
    expect(reportText({ ...REPORT, resumed: false, ended: true, queues: [{ ...queue!, error: 'it ended' }] })).toMatch(
      /it was stopped and has ended[\s\S]*it ended\n$/,
    );
    expect(reportText({ ...REPORT, stopped: false, resumed: false })).toContain('it was not stopped by iopftop\n');
    expect(reportText({ ...REPORT, stopped: false, resumed: false, ended: true })).toContain(
      'by iopftop, and has ended\n',
    );
    expect(reportText({ ...REPORT, resumed: false })).toContain('it was stopped and is still stopped\n');
  });
});
