import { describe, expect, it } from 'vitest';
import { descriptorsOf, openProcessById } from '../../src/process/open-process.ts';
import { Refusal } from '../../src/text/refusal.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { OWN, PID, World } from './world.ts';

function refusal(prepare: (world: World) => void, pid = PID): Refusal {
  const world = new World();
  prepare(world);
  try {
    const pidfd = openProcessById(world.kernel, world.processes, pid, OWN);
    try {
      descriptorsOf(world.kernel, pid, pidfd);
    } finally {
      world.kernel.close(pidfd);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    expect(world.ours.size).toBe(0);
    return error as Refusal;
  }
  throw new Error('it was not refused');
}

describe('a process is refused', () => {
  it.each<[string, (world: World) => void, RegExp, RegExp | null]>([
    [
      'a thread',
      (w) => {
        w.processes.openErrno = Errno.ENOENT;
        w.files.texts.set(`/proc/${PID}/status`, 'Tgid:\t90\n');
      },
      /100 is a thread of process 90/,
      /--pid 90/,
    ],
    [
      'a thread, on older kernels',
      (w) => {
        w.processes.openErrno = Errno.EINVAL;
        w.files.texts.set(`/proc/${PID}/status`, 'Tgid:\t90\n');
      },
      /100 is a thread of process 90/,
      /--pid 90/,
    ],
    [
      'no pidfd_open',
      (w) => {
        w.processes.openErrno = Errno.ENOSYS;
      },
      /no pidfd_open/,
      /5\.3/,
    ],
    [
      'no descriptor left',
      (w) => {
        w.processes.openErrno = Errno.EMFILE;
      },
      /EMFILE/,
      /ulimit -n/,
    ],
    [
      'a thread of the kernel',
      (w) => {
        w.files.texts.set(`/proc/${PID}/stat`, `${PID} (kworker/0:1) I 2 0 0 0 -1 69238880 0`);
      },
      /is a kernel thread/,
      null,
    ],
    [
      'a zombie',
      (w) => {
        w.threads[0]!.state = 'Z';
        const open = w.processes.pidfdOpen.bind(w.processes);
        w.processes.pidfdOpen = (pid) => {
          const pidfd = open(pid);
          w.processes.end();
          return pidfd;
        };
      },
      /a zombie/,
      null,
    ],
    [
      'one whose main thread has ended',
      (w) => {
        w.threads[0]!.state = 'Z';
      },
      /main thread of process 100 has ended/,
      null,
    ],
    [
      'one without descriptors to see',
      (w) => {
        w.queue(4);
        w.files.denied.set(`/proc/${PID}/fd`, Errno.EACCES);
        w.files.texts.set('/proc/self/status', 'Uid:\t5\t5\t5\t5\nCapEff:\t0\n');
      },
      /its descriptors cannot be seen: EACCES: it runs as uid 64 and iopftop as uid 5/,
      /root/,
    ],
    ['one that /proc hides', (w) => w.files.clear(`/proc/${PID}`), /hidepid/, /root/],
    [
      'one without a fault queue',
      (w) => {
        w.open(0, 0, '/dev/null');
      },
      /no fault queue.*1 descriptor, among them no iommufd/,
      /pgfault/,
    ],
    [
      'one with an iommufd only',
      (w) => {
        w.open(3, 0, '/dev/iommu');
      },
      /no fault queue.*1 iommufd \(3\)/,
      /child processes/,
    ],
  ])('%s', (_, prepare, message, hint) => {
    const refused = refusal(prepare);
    expect(refused.message).toMatch(message);
    if (hint) expect(refused.hint).toMatch(hint);
  });

  it('that is not there', () => {
    expect(refusal(() => {}, 99)).toMatchObject({ kind: 'gone', message: 'there is no process 99' });
  });

  it('that is iopftop itself', () => {
    expect(refusal(() => {}, OWN).message).toBe('process 7 is iopftop itself');
  });
});
