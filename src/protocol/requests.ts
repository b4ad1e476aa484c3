// What a front end sends to the engine: commands, what it wants to be shown, and what it has taken.
import type { Command } from './commands.ts';
import {
  bool,
  described,
  int,
  list,
  number,
  object,
  oneOf,
  orNull,
  type Static,
  text,
  the,
  u32,
} from './schema-parts.ts';
import { rule } from './terms.ts';

/** Pending groups that an action targets, in the fields of the `respond` command. */
const CHOICE = { 'groups?': list(int), 'all?': bool, 'devId?': u32, 'pasid?': u32 };
const choice = object(CHOICE);
export type GroupChoice = Static<typeof choice>;

/**
 * What a screen shows. Rows of the stream and pending groups are those that their filter lets through. Views come at most
 * `perSecond` times per second, each after the previous one was seen.
 */
export const windowRequest = object({
  control: the('window'),
  streamRows: int,
  streamEnd: described('the last of the rows; null: the newest', orNull(int)),
  'streamAhead?': described('how many of the rows may be newer than `streamEnd`; default 0', int),
  pendingRows: int,
  pendingFirst: described('how many older groups come before the first', int),
  perSecond: number,
  'filters?': described(
    'CEL expressions by list; a list without one is not filtered',
    object({ 'devices?': text, 'pending?': text, 'stream?': text, 'journal?': text }),
  ),
  'journal?': described(
    'this many entries ending at number `end` (null: the newest), and `ahead` newer ones',
    object({ rows: int, end: orNull(int), 'ahead?': int }),
  ),
  'detail?': object({ group: int, from: int, rows: int }),
  'statistics?': bool,
  'test?': object({ id: int, rule, before: described('how many of the rules in force come before it', int) }),
  'chosen?': described(
    'report these in `View.chosen`',
    object({
      ...CHOICE,
      id: described('returned in it', int),
      'numbers?': described('with their numbers; default false', bool),
      'pages?': described('with what is known about their pages; default true', bool),
    }),
  ),
});
export type WindowRequest = Static<typeof windowRequest>;

/** The view, or the packet of events that ended with `flush`, has been taken: send more. */
export const seen = object({ control: the('seen'), what: oneOf('view', 'events') });
export type Seen = Static<typeof seen>;

/** On whose behalf a command is sent: a key of the screen or a line of a script. */
export const sender = oneOf('key', 'script');

/** What a front end sends. */
export type ToEngine = { command: Command; cause: Static<typeof sender> } | WindowRequest | Seen;
