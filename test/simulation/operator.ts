// What somebody might type next, right or wrong.
import type { Session } from '../../src/engine/session.ts';
import type { Command } from '../../src/protocol/messages.ts';
import type { Random } from '../../src/scenario/random.ts';

const JUNK = [
  '{',
  '[]',
  '{"cmd":"respond"}',
  '{"cmd":"nothing"}',
  '\u0000\u001b[2J',
  '{"cmd":"detach","devId":-1}',
  '',
];

export function command(random: Random, session: Session, id: number): Command {
  const { source } = session.state;
  const { pending, totals } = session.state.ledger;
  const device = random.pick(source.devices);
  const attachment = source.attachments.length > 0 ? random.pick(source.attachments) : null;
  const place = attachment
    ? { devId: attachment.devId, ...(attachment.pasid === null ? {} : { pasid: attachment.pasid }) }
    : { devId: device.devId };
  const code = random.pick(['success', 'invalid', 'map'] as const);
  const some = () => Array.from({ length: random.between(1, 4) }, () => random.between(1, totals.groups + 2));
  const oldest = pending.oldest?.group ?? 1;
  return random.pick<() => Command>([
    () => ({ cmd: 'respond', id, all: true, code }),
    () => ({ cmd: 'respond', id, group: oldest, code }),
    () => ({ cmd: 'respond', id, groups: some(), code }),
    () => ({ cmd: 'respond', id, devId: device.devId, code }),
    () => ({ cmd: 'respond', id, when: random.pick(['write', 'addr > 0x1000', 'pasid >= 0', 'repeats > 1']), code }),
    () => ({ cmd: 'detach', id, ...place }),
    () => ({ cmd: 'attach', id, devId: device.devId, hwpt: random.pick(['new-paging', 'new-nested'] as const) }),
    () => ({ cmd: 'attach', id, devId: device.devId, pasid: random.between(1, 3), hwpt: 'new-paging' }),
    () => ({ cmd: 'replace', id, ...place, hwpt: random.pick(['new-paging', 'new-nested', 2, 99] as const) }),
    () => ({ cmd: 'trigger', id, devId: device.devId, count: random.pick([1, 3, 40]), perm: ['write'] }),
    () => ({ cmd: 'policy', id, rules: random.pick(POLICIES) }),
    () => ({ cmd: 'snapshot', id, statistics: random.unit() < 0.5 }),
  ])();
}

export const POLICIES = [
  [],
  [{ then: 'success' as const }],
  [{ name: 'later', then: 'invalid' as const, afterMs: 20 }],
  [
    { name: 'writes', when: 'write', then: 'invalid' as const },
    { name: 'rest', then: 'map' as const },
  ],
  [
    { name: 'pasids', when: 'pasid >= 0', then: 'success' as const, afterMs: 5 },
    { name: 'hold', then: 'hold' as const },
  ],
  [
    { name: 'off', then: 'success' as const, enabled: false },
    { name: 'execs', when: 'exec || grpid % 2 == 0', then: 'success' as const, afterMs: 2 },
  ],
  [{ name: 'repeated', when: 'repeats > 2', then: 'invalid' as const }],
];

export const junk = (random: Random): string => random.pick(JUNK);
