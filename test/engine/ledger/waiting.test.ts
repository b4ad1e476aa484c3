import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PendingGroup } from '../../../src/engine/ledger/group.ts';
import { Pending } from '../../../src/engine/ledger/pending.ts';
import { oldestAge } from '../../../src/engine/ledger/waiting.ts';
import type { Attachment } from '../../../src/sources/source.ts';

const attachment = (devId: number, pasid: number | null) =>
  ({ devId, pasid, hwpt: { id: 1 } }) as unknown as Attachment;

const ATTACHMENTS = [attachment(1, null), attachment(1, 1), attachment(2, null)];

const operation = fc.oneof(
  fc.record({ of: fc.integer({ min: 0, max: ATTACHMENTS.length }), queue: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ answer: fc.nat() }),
  fc.constant({ ask: true }),
);

/** As a walk through all that are pending finds it. */
function walked(pending: Pending, counts: (group: PendingGroup) => boolean | undefined, nowNs: number) {
  const groups = [...pending.values()].filter(counts);
  return { pending: groups.length, oldestNs: groups[0] ? nowNs - groups[0].arrivedNs : null };
}

it('counts who waits, and since when, as going through all groups does, whichever are answered when', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      const pending = new Pending();
      let group = 0;
      const check = () => {
        const nowNs = 1_000 * (group + 1);
        const { waiting } = pending;
        // The alarm's, the JSON's and the screen's are one: the oldest of all is the oldest of some device.
        const rows = [1, 2, 3].map((devId) => waiting.device(devId, nowNs).oldestNs ?? -1);
        expect(Math.max(...rows)).toBe(pending.oldest ? nowNs - pending.oldest.arrivedNs : -1);
        expect(oldestAge(pending.values(), nowNs) ?? -1).toBe(Math.max(...rows));
        for (const devId of [1, 2, 3]) {
          expect(waiting.device(devId, nowNs)).toEqual(walked(pending, (g) => g.devId === devId, nowNs));
        }
        for (const each of ATTACHMENTS) {
          expect(waiting.attachment(each, nowNs)).toEqual(walked(pending, (g) => g.through === each, nowNs));
        }
        for (const queue of [0, 1]) {
          expect(waiting.queue(queue)).toBe(walked(pending, (g) => g.queue === queue, nowNs).pending);
        }
      };
      for (const each of operations) {
        if ('ask' in each) check();
        else if ('answer' in each) pending.delete(1 + (each.answer % (group + 2)));
        else {
          const through = ATTACHMENTS[each.of];
          const { queue } = each;
          const devId = through?.devId ?? 3;
          pending.add({ devId, through, queue, group: ++group, arrivedNs: 1_000 * group } as PendingGroup);
        }
      }
      check();
    }),
  );
});
