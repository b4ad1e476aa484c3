// What the engine can be told: each is a line of the NDJSON input.
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
  description: 'comes back in `done` or `error`, as it was written',
};
const devId = described('id of the iommufd device object', u32);
const pasid = described('without it the device itself', u32);
const hwpt = described('the id of a HWPT, or what to make', either(u32, oneOf('new-paging', 'new-nested')));
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
    'groups?': described('several: those of them that are pending', list(int)),
    'all?': described('all pending groups', bool),
    'devId?': described('groups of this device', u32),
    'pasid?': described('of these the groups of this PASID', u32),
    'when?': described('groups that this CEL expression holds for', text),
    code: described('`map` maps memory at their pages and then answers success', oneOf('success', 'invalid', 'map')),
  },
  {
    description:
      'or `invalid`, or `map`; instead of `group`: `groups` (a list: those of them that are pending; `done` has ' +
      'how many are `gone`), `devId` (and `pasid`), `when` (CEL), `all: true`',
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
      description: 'what is pending there becomes INVALID',
      examples: [{ cmd: 'detach', devId: 4, pasid: 5 }],
    },
  ),
  trigger: command(
    'trigger',
    {
      devId,
      'pasid?': pasid,
      'addr?': described('of the first page', either(given, int)),
      'perm?': described('default `["read"]`', perm),
      'grpid?': u32,
      'count?': described('groups, each at the next page; default 1', upTo(MOST_TRIGGERED, 1)),
    },
    {
      description:
        'mock and selftest devices; at most 65,536 groups. Many are triggered bit by bit, answers go on ' +
        'meanwhile, and the commands after it wait for its `done`',
      examples: [{ cmd: 'trigger', devId: 4, addr: '0x10000000', perm: ['write'], count: 10 }],
    },
  ),
  policy: command(
    'policy',
    { rules: list(rule) },
    {
      description:
        'replaces all the rules; they decide about what is pending, too. Names are unique, `rule N` by default; a ' +
        'rule with `"enabled":false` stays in the list and decides nothing; one that is as it was (`name`, ' +
        '`when`, `then`, `afterMs`) keeps its `hits` and `broken`',
      examples: [{ cmd: 'policy', rules: [{ when: 'write', then: 'invalid', afterMs: 500 }] }],
    },
  ),
  take: command(
    'take',
    {},
    {
      description:
        'with `--pid`: the queues are read and answered here from now on, and their owner sees nothing of it; ' +
        '`done` counts those that were not yet',
      examples: [{ cmd: 'take' }],
    },
  ),
  stop: command(
    'stop',
    {},
    {
      description:
        'with `--pid`: SIGSTOP, until every thread stands still; a process that was stopped goes on at the end',
      examples: [{ cmd: 'stop' }],
    },
  ),
  continue: command('continue', {}, { description: 'with `--pid`: SIGCONT', examples: [{ cmd: 'continue' }] }),
  rescue: command(
    'rescue',
    {
      'stop?': described('stop the owner meanwhile; default true', bool),
      'resume?': described('let it go on at the end, if it was stopped for this; default true', bool),
      'code?': described('default invalid', answer),
      'unseenSuccess?': described('`success` goes also to groups that nobody here has seen', bool),
      'scan?': described(
        'cookies are tried up to this far beyond the last one that was known; default 65,536',
        upTo(MOST_SCANNED),
      ),
    },
    {
      description:
        'with `--pid`, all of it optional: answers what waits and what the process has read and never answered. ' +
        '`done` has the report (`rescue`). Queues that it took for this are given back at its end, rules decide ' +
        'nothing meanwhile. `"code":"success"` wants `"unseenSuccess":true`',
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
      'signal?': described('the signal that made a front end quit: the reason of the summary is `signal`', text),
      'command?': described(
        'the command of `iopftop exec` has ended with this exit code (128 + the number of a signal): the reason is `command`',
        int,
      ),
      'left?': described(
        'processes that still have its devices open',
        list(object({ pid: int, text, 'device?': device })),
      ),
    },
    {
      description: '`onExit` is optional; what follows a quit is not read',
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
