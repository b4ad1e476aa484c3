// `latency N`: faults one by one, from just before the trigger to after the answer of the engine's worker.
import { readdirSync, readlinkSync } from 'node:fs';
import { startEngine } from '../../src/engine/thread/start.ts';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';
import { IOMMU_TEST_CMD } from '../../src/uapi/ioctl.ts';
import { TestOp, testTriggerIopf } from '../../src/uapi/selftest.ts';
import { answersSoFar, newClock, type WithClock, waitForAnswer } from './answer-clock.ts';
import { engineOptions } from './engine-drain.ts';

const WARM_UP = 2_000;

/** The worker's descriptor: threads of one process share them. */
function iommufd(): number {
  const fds = readdirSync('/proc/self/fd').map(Number);
  const found = fds.find((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === '/dev/iommu';
    } catch {
      return false; // closed meanwhile
    }
  });
  if (found === undefined) throw new Error('the worker has no /dev/iommu open');
  return found;
}

/** Nanoseconds. */
export async function latency(count: number): Promise<{ median: number; p99: number }> {
  const clock = newClock();
  const options = { ...engineOptions(), answerClock: clock } satisfies WithClock & object;
  const client = await startEngine(options, 'bench');
  const devId = await firstDevice(client);
  const kernel = new LinuxKernel();
  const fd = iommufd();
  const took: number[] = [];
  for (let i = 0; i < WARM_UP + count; i++) {
    const arg = testTriggerIopf.encode({
      op: TestOp.TRIGGER_IOPF,
      devId,
      grpid: i & 511,
      perm: 1,
      addr: BigInt(i) << 12n,
    });
    const seen = answersSoFar(clock);
    const start = process.hrtime.bigint();
    const r = kernel.ioctl(fd, IOMMU_TEST_CMD.nr, arg);
    if (r !== 0) throw new Error(`TRIGGER_IOPF failed with errno ${-r}`);
    const answered = waitForAnswer(clock, seen);
    if (i >= WARM_UP) took.push(Number(answered - start));
  }
  client.send({ command: { cmd: 'quit' }, cause: 'script' });
  await client.ended;
  took.sort((a, b) => a - b);
  return { median: took[count >> 1] ?? 0, p99: took[count - 1 - Math.floor(count / 100)] ?? 0 };
}

type Client = Awaited<ReturnType<typeof startEngine>>;

function firstDevice(client: Client): Promise<number> {
  return new Promise((resolve) => {
    client.onMessage((message) => {
      if (message.type !== 'snapshot') return;
      const device = message.devices[0];
      if (device) resolve(device.devId);
    });
    client.send({ command: { cmd: 'snapshot' }, cause: 'script' });
  });
}
