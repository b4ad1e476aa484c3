// One seed beside several others that hand their queues over through the socket, take them back, hang up and die, while their
// devices fault.

import type { Session } from '../../src/engine/session.ts';
import type { Loop } from '../../src/engine/thread/loop.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import type { Command } from '../../src/protocol/messages.ts';
import { Random } from '../../src/scenario/random.ts';
import { HandedSource } from '../../src/sources/handed/handed-source.ts';
import { failCalls } from './actors.ts';
import { playBeside, type Turn } from './beside.ts';
import { Giver } from './giver.ts';
import { command } from './operator.ts';
import { lowestFree } from './place.ts';
import { type Handed, PlayedSockets } from './played-sockets.ts';
import { OWN_GRPIDS, RecordingKernel } from './recorder.ts';
import type { Played } from './seeds.ts';

/** Descriptors that are ever left open. */
const MOST_OPEN = 40;

export interface HandedResult extends Played {
  /** `handed`: how many times a queue was handed over. */
  readonly counts: { groups: number; faults: number; handed: number };
}

export async function simulateHanded(
  seed: number,
  steps: number,
  breakIt: (kernel: Kernel) => Kernel = (kernel) => kernel,
): Promise<HandedResult> {
  const random = new Random(seed, 13);
  const kernel = new RecordingKernel(new VirtualClock());
  kernel.shared = true;
  const sockets = new PlayedSockets(kernel);
  const free = lowestFree(kernel, MOST_OPEN);
  // The engine's own triggers count from 0.
  let grpid = OWN_GRPIDS;
  const behind = (queue: number): Handed | undefined => sockets.behind(source.queues[queue]?.fd ?? -1);
  const givers = [0, 1, null].map(
    (vfio) => new Giver(kernel, sockets, random, vfio, { nextGrpid: () => grpid++, behind }),
  );
  // Nobody else could answer it then.
  sockets.onClose = (fd) => {
    const left = [...kernel.outstanding.values()].filter((group) => group.fd === fd).length;
    if (left > 0) kernel.broken.push(`a queue was let go with ${left} groups that were read and not answered`);
  };
  const source = new HandedSource(breakIt(sockets.over(kernel)), 'listens');
  source.listen('/run/iopftop.sock');
  const some = (may: (giver: Giver) => boolean, act: (giver: Giver) => void): (() => void) => {
    return () => {
      const those = givers.filter((giver) => giver.alive && may(giver));
      if (those.length > 0) act(random.pick(those));
    };
  };
  const connected = (giver: Giver): boolean => giver.connected;
  const others: readonly Turn[] = [
    [
      'device faults',
      20,
      some(
        () => true,
        (giver) => giver.fault(),
      ),
    ],
    [
      'connects',
      8,
      some(
        (giver) => !giver.connected,
        (giver) => giver.connect(),
      ),
    ],
    ['hears', 12, some(connected, (giver) => giver.hear())],
    ['adds', 3, some(connected, (giver) => giver.add())],
    ['takes back', 4, some(connected, (giver) => giver.release())],
    ['says nonsense', 1, some(connected, (giver) => giver.junk())],
    ['hangs up', 1, some(connected, (giver) => giver.hangUp())],
    [
      'changes its device',
      2,
      some(
        () => true,
        (giver) => giver.meddle(),
      ),
    ],
    [
      'serves itself',
      10,
      some(
        () => true,
        (giver) => giver.serve(),
      ),
    ],
    // A write to a fault queue does not fail (iommufd_fault_fops_write).
    ['kernel fails', 1, () => failCalls({ kernel, random }, ['read', 'poll', 'ioctl'])],
    ['kernel works', 2, () => kernel.behave()],
    [
      'dies',
      0.3,
      some(
        () => true,
        (giver) => giver.die(kernel),
      ),
    ],
  ];
  const { log, broken } = await playBeside(random, steps, {
    source,
    kind: { kind: 'handed', faultFds: [], iommufd: null, deviceFds: [], listen: '/run/iopftop.sock' },
    others,
    typed: ({ session }, id) => typed(random, session, id),
    account: (loop, ended) => account(kernel, givers, loop, ended),
    told: () => `${kernel.groups.length} groups read, ${kernel.outstanding.size} outstanding`,
    end: () => kernel.behave(),
    left: (journal) =>
      left(kernel, givers, journal) ?? (lowestFree(kernel, MOST_OPEN) === free ? null : 'descriptors are left open'),
  });
  const counts = { groups: kernel.groups.length, faults: kernel.faults, handed: source.queues.length };
  return { log, broken, counts };
}

/** Often about a device that was handed over with its queue. */
function typed(random: Random, session: Session, id: number): Command {
  const { attachments, devices } = session.state.source;
  if (devices.length === 0) return { cmd: 'snapshot', id };
  if (attachments.length === 0 || random.unit() < 0.6) return command(random, session, id);
  const { devId, pasid } = random.pick(attachments);
  const place = pasid === null ? { id, devId } : { id, devId, pasid };
  return random.unit() < 0.7
    ? { cmd: 'replace', ...place, hwpt: random.pick(['new-paging', 'new-nested'] as const) }
    : { cmd: 'detach', ...place };
}

function account(kernel: RecordingKernel, givers: readonly Giver[], { session }: Loop, ended: boolean): string | null {
  const wrong = [...kernel.broken, ...givers.flatMap(({ broken }) => broken)];
  if (wrong.length > 0) return wrong[0] as string;
  const { totals, pending } = session.state.ledger;
  const { groups, faults, success, invalid, auto } = totals;
  const by = (answer: string) => kernel.groups.filter((group) => group.answer === answer).length;
  if (groups !== kernel.groups.length) return `${groups} groups counted, ${kernel.groups.length} read`;
  if (faults !== kernel.faults) return `${faults} faults counted, ${kernel.faults} read`;
  if (success + invalid + auto + pending.size !== groups)
    return `${success} + ${invalid} + ${auto} + ${pending.size} pending are not ${groups} groups`;
  if (success !== by('success')) return `${success} SUCCESS counted, ${by('success')} given`;
  if (invalid !== by('invalid')) return `${invalid} INVALID counted, ${by('invalid')} given`;
  if (ended) return kernel.outstanding.size === 0 ? null : `${kernel.outstanding.size} groups were never answered`;
  // A giver that detaches its device takes groups away without our knowledge: they are pending a while longer.
  for (const { number } of kernel.outstanding.values())
    if (!pending.get(number)) return `group ${number} is outstanding and not pending`;
  return null;
}

function left(kernel: RecordingKernel, givers: readonly Giver[], journal: string): string | null {
  if (kernel.outstanding.size > 0) return `${kernel.outstanding.size} groups were left to nobody`;
  for (const giver of givers) {
    giver.settle(journal);
    if (giver.broken.length > 0) return giver.broken[0] as string;
    if (giver.waiting.size > 0) return `${giver.waiting.size} groups of ${giver.name} were never answered`;
  }
  return null;
}
