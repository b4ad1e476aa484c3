// Clients of the handover socket that send anything at all, with real descriptors, while a VMM goes on beside them.
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import { Open, Poll } from '../../src/kernel/kernel.ts';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';
import type { Fd } from '../../src/uapi/ids.ts';
import { BIN } from '../helpers/bin.ts';
import { labExamples } from './examples.ts';
import { Program } from './program.ts';

const kernel = new LinuxKernel();
const examples = labExamples();

/** What the program has open, by where it leads; sockets and pipes are many of a kind. */
const openIn = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`)
    .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).replace(/:\[\d+\]$/, ''))
    .sort();

const HELLO = { 'iopftop-handover': 1, name: 'x', queues: [{ fd: 0 }] };
const queues = fc.array(fc.record({ fd: fc.integer({ min: -1, max: 4 }), faultId: fc.integer() }), { maxLength: 4 });
const devices = fc.array(fc.record({ fd: fc.integer({ min: 0, max: 4 }), devId: fc.nat(9) }), { maxLength: 3 });
const message = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.json(),
  fc.record({ 'iopftop-handover': fc.constantFrom(1, 1, 2), name: fc.string(), queues, devices }),
  fc.record({ 'iopftop-handover': fc.constant(1), name: fc.constant('x'), queues, iommufd: fc.nat(4), devices }),
  fc.record({ cmd: fc.constantFrom('add', 'release', 'status', 'hello'), queues, queue: fc.integer() }),
  fc.constantFrom(HELLO, { cmd: 'status' }, { cmd: 'release', queue: 1 }, 'x'.repeat(65_536)),
);

it('several hundred of them: each is answered, nothing of theirs stays open, and no fault is lost', async () => {
  const path = join(examples.directory, 'socket');
  const program = new Program(process.execPath, [BIN, '--headless', '--listen', path, '--answer', 'success']);
  await program.message(({ type }) => type === 'snapshot');
  const vmm = new Program(examples.path('handover-client'), [path, '/dev/vfio/devices/vfio0', '50']);
  await program.message(({ type, group }) => type === 'answer' && group === 50);
  const before = openIn(program.child.pid as number);

  const iommufd = Iommufd.open(kernel);
  const queue = iommufd.allocFaultQueue();
  const files = [queue.fd, iommufd.fd, kernel.open('/dev/null', Open.RDWR | Open.CLOEXEC)];
  const attached = fc.array(fc.constantFrom(...files), { maxLength: 16 });
  fc.assert(
    fc.property(fc.array(fc.tuple(message, attached), { minLength: 1, maxLength: 4 }), (messages) => {
      const client = kernel.sockets.connect(path) as Fd;
      expect(client).toBeGreaterThanOrEqual(0);
      for (const [said, fds] of messages) {
        const bytes = new TextEncoder().encode(typeof said === 'string' ? said : JSON.stringify(said));
        kernel.sockets.send(client, bytes, fds);
      }
      // An answer, or the end of the connection.
      expect(kernel.poll([{ fd: client, events: Poll.IN, revents: 0 }], -1)).toBe(1);
      kernel.close(client);
    }),
    { numRuns: 300 },
  );

  vmm.say('fault 50');
  await program.message(({ type, group }) => type === 'answer' && group === 100);
  // By the second answer the last of them has been let go, too.
  for (const line of [1, 2]) {
    vmm.say('{"cmd":"status"}');
    await vmm.stdout.at(line);
  }
  expect(openIn(program.child.pid as number)).toEqual(before);
  queue.closeFd();
  iommufd.close();
  program.say('{"cmd":"quit"}');
  expect((await program.summary()).counters).toMatchObject({ faults: 100, success: 100, pending: 0 });
  expect(await program.ended).toBe(0);
  await vmm.ended;
}, 60_000);
