// Schemas of the commands: what headless takes on stdin.
import {
  answer,
  bool,
  exitPlan,
  int,
  list,
  number,
  object,
  oneOf,
  perm,
  type Schema,
  text,
  the,
  verdict,
} from './schema-parts.ts';
import { MOST_TRIGGERED } from './terms.ts';

const id: Schema = { type: ['string', 'integer'] };
const u32: Schema = { type: 'integer', minimum: 0, maximum: 0xffffffff };
const hwpt: Schema = { anyOf: [u32, oneOf('new-paging', 'new-nested')] };
const address: Schema = {
  anyOf: [{ type: 'string', pattern: '^0x[0-9a-fA-F]{1,16}$' }, int],
};
const target = { devId: u32, 'pasid?': u32 };

export const rule: Schema = object({
  'name?': text,
  'when?': text,
  then: verdict,
  'afterMs?': number,
  'enabled?': bool,
});

const respond: Schema = {
  ...object({
    'id?': id,
    cmd: the('respond'),
    'group?': int,
    'groups?': list(int),
    'all?': bool,
    'devId?': u32,
    'pasid?': u32,
    'when?': text,
    code: oneOf('success', 'invalid', 'map'),
  }),
  anyOf: ['group', 'groups', 'all', 'devId', 'when'].map((name) => ({ required: [name] })),
};

export const COMMANDS: Record<string, Schema> = {
  respond,
  replace: object({ 'id?': id, cmd: the('replace'), ...target, hwpt }),
  attach: object({ 'id?': id, cmd: the('attach'), ...target, hwpt }),
  detach: object({ 'id?': id, cmd: the('detach'), ...target }),
  trigger: object({
    'id?': id,
    cmd: the('trigger'),
    ...target,
    'addr?': address,
    'perm?': perm,
    'grpid?': u32,
    'count?': { type: 'integer', minimum: 1, maximum: MOST_TRIGGERED },
  }),
  policy: object({ 'id?': id, cmd: the('policy'), rules: list(rule) }),
  take: object({ 'id?': id, cmd: the('take') }),
  stop: object({ 'id?': id, cmd: the('stop') }),
  continue: object({ 'id?': id, cmd: the('continue') }),
  rescue: object({
    'id?': id,
    cmd: the('rescue'),
    'stop?': bool,
    'resume?': bool,
    'code?': answer,
    'unseenSuccess?': bool,
    'scan?': { type: 'integer', minimum: 0, maximum: 16_777_216 },
  }),
  snapshot: object({ 'id?': id, cmd: the('snapshot'), 'statistics?': bool }),
  quit: object({
    'id?': id,
    cmd: the('quit'),
    'onExit?': exitPlan,
    'signal?': text,
    'command?': int,
    'left?': list(object({ pid: int, text, 'device?': text })),
  }),
};
