// The commands to the engine: each is a line of the NDJSON input.
import {
  bool,
  described,
  either,
  type Fields,
  int,
  list,
  object,
  oneOf,
  type Schema,
  type Static,
  text,
  the,
  u32,
  upTo,
} from './schema-parts.ts';
import { answer, type CommandId, device, exitPlan, type Hex, MOST_TRIGGERED, perm, rule } from './terms.ts';

/** Cookies that `scan` can ask for. */
const MOST_SCANNED = 16_777_216;

const id: Schema<CommandId> = {
  type: ['string', 'integer'],
  description: 'returned in `done` or `error`, exactly as written',
};
const devId = described('id of the iommufd device object', u32);
const pasid = described('if absent, the device itself', u32);
const hwpt = described('id of a HWPT, or which kind to make', either(u32, oneOf('new-paging', 'new-nested')));
const given: Schema<Hex> = { type: 'string', pattern: '^0x[0-9a-fA-F]{1,16}$' };
interface About {
  /** What it does, and how else it can be said. */
  readonly description: string;
  readonly examples: readonly object[];
}

function command<const N extends string, F extends Fields>(cmd: N, fields: F, about: About) {
  const schema = object({ 'id?': id, cmd: the(cmd), ...fields });
  return { ...about, ...schema } as typeof schema;
}

/** At least one of these must be there. */
function withOneOf<T>(names: readonly string[], schema: Schema<T>): Schema<T> {
  return { ...schema, anyOf: names.map((name) => ({ required: [name] })) };
}

const respond = command(
  'respond',
  {
    'group?': described('one group, by its number', int),
    'groups?': described('several; those no longer pending are skipped', list(int)),
    'all?': described('all pending groups', bool),
    'devId?': described('groups of this device', u32),
    'pasid?': described('of these, only the groups of this PASID', u32),
    'when?': described('groups for which this CEL expression holds', text),
    code: described('`map` maps memory at their pages and then answers success', oneOf('success', 'invalid', 'map')),
  },
  {
    description:
      'or `invalid`, or `map`; instead of `group`: `groups` (a list; those no longer pending are skipped, and `done` ' +
      'counts them as `gone`), `devId` (and `pasid`), `when` (CEL), `all: true`',
    examples: [{ cmd: 'respond', group: 7, code: 'success' }],
  },
);

const attach = { devId, 'pasid?': pasid, hwpt } as const;

/** The commands, by their `cmd`. The description says how else each example can be said. */
export const COMMANDS = {
  respond: withOneOf(['group', 'groups', 'all', 'devId', 'when'], respond),
  replace: command('replace', attach, {
    description:
      'or `new-nested`, or the id of a HWPT; with `pasid` for one PASID; the id of the IOAS attaches without a fault queue',
    examples: [{ cmd: 'replace', devId: 4, hwpt: 'new-paging' }],
  }),
  attach: command('attach', attach, {
    description: 'attaches a device or PASID that is not attached; `hwpt` as with `replace`',
    examples: [{ cmd: 'attach', devId: 4, pasid: 5, hwpt: 6 }],
  }),
  detach: command(
    'detach',
    { devId, 'pasid?': pasid },
    {
      description: 'its pending groups become INVALID',
      examples: [{ cmd: 'detach', devId: 4, pasid: 5 }],
    },
  ),
  trigger: command(
    'trigger',
    {
      devId,
      'pasid?': pasid,
      'addr?': described('address of the first page', either(given, int)),
      'perm?': described('default `["read"]`', perm),
      'grpid?': u32,
      'count?': described('how many groups, each at the next page; default 1', upTo(MOST_TRIGGERED, 1)),
    },
    {
      description:
        'mock and selftest devices; at most 65,536 groups. Many are triggered in steps; answers continue ' +
        'meanwhile, and later commands wait for its `done`',
      examples: [{ cmd: 'trigger', devId: 4, addr: '0x10000000', perm: ['write'], count: 10 }],
    },
  ),
  policy: command(
    'policy',
    { rules: list(rule) },
    {
      description:
        'replaces all rules; they also decide about groups that are already pending. Names must be unique; the ' +
        'default is `rule N`. A rule with `"enabled":false` stays in the list but decides nothing; an unchanged ' +
        'rule (same `name`, `when`, `then`, `afterMs`) keeps its `hits` and `broken`',
      examples: [{ cmd: 'policy', rules: [{ when: 'write', then: 'invalid', afterMs: 500 }] }],
    },
  ),
  take: command(
    'take',
    {},
    {
      description:
        'with `--pid`: from now on the queues are read and answered here; their owner is not notified. ' +
        '`done` counts the queues newly taken',
      examples: [{ cmd: 'take' }],
    },
  ),
  stop: command(
    'stop',
    {},
    {
      description:
        'with `--pid`: sends SIGSTOP and waits until every thread is stopped; the process is resumed when the run ends',
      examples: [{ cmd: 'stop' }],
    },
  ),
  continue: command('continue', {}, { description: 'with `--pid`: SIGCONT', examples: [{ cmd: 'continue' }] }),
  rescue: command(
    'rescue',
    {
      'stop?': described('stop the owner during the rescue; default true', bool),
      'resume?': described('resume the owner afterwards, if the rescue stopped it; default true', bool),
      'code?': described('default invalid', answer),
      'unseenSuccess?': described('answer success even to groups that iopftop has never seen', bool),
      'scan?': described('how far beyond the last known cookie to try; default 65,536', upTo(MOST_SCANNED)),
    },
    {
      description:
        'with `--pid`, all fields optional: answers the groups that wait and those that the process has read and ' +
        'never answered. `done` has the report (`rescue`). Queues taken for this are given back afterwards; rules ' +
        'decide nothing meanwhile. `"code":"success"` needs `"unseenSuccess":true`',
      examples: [{ cmd: 'rescue', stop: true, resume: true, code: 'invalid', scan: 65_536 }],
    },
  ),
  snapshot: command(
    'snapshot',
    { 'statistics?': described('default false', bool) },
    {
      description: 'with `"statistics":true`: latency histogram, hot pages, sources, trend',
      examples: [{ cmd: 'snapshot' }],
    },
  ),
  quit: command(
    'quit',
    {
      'onExit?': described('default `--on-exit`', exitPlan),
      'signal?': described("the signal that made a front end quit: the summary's reason is `signal`", text),
      'command?': described(
        'the command of `iopftop exec` ended with this exit code (128 + signal number): the reason is `command`',
        int,
      ),
      'left?': described(
        'processes that still have its devices open',
        list(object({ pid: int, text, 'device?': device })),
      ),
    },
    {
      description: '`onExit` is optional; input after a quit is not read',
      examples: [{ cmd: 'quit', onExit: 'invalid' }],
    },
  ),
} as const;

type Named = { readonly [K in keyof typeof COMMANDS]: Static<(typeof COMMANDS)[K]> };

/** Commands of the NDJSON input. */
export type Command = Named[keyof Named];
export type RespondCommand = Named['respond'];
export type ReplaceCommand = Named['replace'];
export type AttachCommand = Named['attach'];
export type DetachCommand = Named['detach'];
export type TriggerCommand = Named['trigger'];
export type RescueCommand = Named['rescue'];
export type QuitCommand = Named['quit'];
