// The JSON Schema of the NDJSON stream and of the commands; schema/iopftop-1.schema.json is written from it by the build.
import { COMMANDS } from './schema-commands.ts';
import {
  answer,
  bool,
  cause,
  exitPlan,
  hex,
  int,
  list,
  number,
  object,
  oneOf,
  orNull,
  perm,
  ref,
  type Schema,
  text,
  the,
  verdict,
} from './schema-parts.ts';
import { ALARM, GROUP, ROWS } from './schema-rows.ts';
import { NOTICE_KINDS } from './terms.ts';

/** The messages of the output, by their `type`. */
export const MESSAGES: Record<string, Schema> = {
  hello: object({
    type: the('hello'),
    protocol: the('iopftop/1'),
    version: text,
    target: object({
      kind: oneOf('mock', 'selftest', 'host', 'process', 'handed'),
      mock: bool,
      label: text,
      scenario: orNull(text),
      seed: orNull(int),
      'triggers?': bool,
    }),
    readOnly: bool,
    dryRun: bool,
    onExit: exitPlan,
    rules: list(ref('rule')),
    startedAt: { type: 'string', format: 'date-time' },
    virtualTime: bool,
    pauseAt: orNull(number),
    'handles?': object({
      iommufd: int,
      ioasId: int,
      faultId: int,
      devices: list(object({ address: text, fd: int, devId: int, hwptId: int })),
    }),
    'command?': text,
  }),
  fault: object(
    {
      type: the('fault'),
      t: number,
      seq: int,
      group: int,
      queue: int,
      cookie: int,
      devId: int,
      pasid: orNull(int),
      grpid: int,
      perm,
      addr: hex,
      length: int,
      lastPage: bool,
      flags: int,
    },
    'One iommu_hwpt_pgfault record.',
  ),
  group: object({ type: the('group'), t: number, ...GROUP }, 'Faults that are answered together.'),
  answer: object({
    type: the('answer'),
    t: number,
    group: int,
    queue: int,
    cookie: int,
    devId: int,
    pasid: orNull(int),
    code: answer,
    cause,
    rule: orNull(text),
    result: oneOf('ok', 'gone'),
    latencyNs: number,
  }),
  verdict: object(
    {
      type: the('verdict'),
      t: number,
      group: int,
      queue: int,
      devId: int,
      pasid: orNull(int),
      rule: text,
      then: verdict,
      afterNs: number,
    },
    'In a dry run: what a rule would have done with a group, which is held instead.',
  ),
  'auto-responded': object(
    {
      type: the('auto-responded'),
      t: number,
      groups: list(int),
      devId: int,
      pasid: orNull(int),
      reason: oneOf('replace', 'detach', 'destroy', 'reused'),
    },
    'Groups that the kernel answered INVALID by itself.',
  ),
  attachment: object({
    type: the('attachment'),
    t: number,
    change: oneOf('attached', 'replaced', 'detached'),
    cause,
    devId: int,
    device: text,
    pasid: orNull(int),
    hwptId: orNull(int),
    oldHwptId: orNull(int),
    invalidated: int,
  }),
  error: object({
    type: the('error'),
    t: number,
    id: { type: ['string', 'integer', 'null'] },
    kind: oneOf('usage', 'gone', 'refused', 'kernel', 'bug'),
    operation: orNull(text),
    errno: orNull(text),
    message: text,
    hint: orNull(text),
    'more?': int,
  }),
  done: object({
    type: the('done'),
    t: number,
    id: { type: ['string', 'integer', 'null'] },
    cmd: oneOf(...Object.keys(COMMANDS)),
    count: int,
    'gone?': int,
    'hwptId?': int,
    'rescue?': ref('rescueReport'),
  }),
  notice: object(
    {
      type: the('notice'),
      t: number,
      what: oneOf(...NOTICE_KINDS),
      text,
      'pid?': int,
      'queue?': int,
      'device?': text,
      'former?': ref('formerRun'),
    },
    'Something happened to where the faults come from.',
  ),
  dropped: object({ type: the('dropped'), t: number, faults: int, answers: int, messages: int }),
  alarm: object({ type: the('alarm'), t: number, change: oneOf('raised', 'cleared'), ...ALARM }),
  snapshot: object({
    type: the('snapshot'),
    t: number,
    devices: list(ref('deviceRow')),
    queues: list(ref('queueRow')),
    hwpts: list(ref('hwptRow')),
    pending: list(ref('pendingRow')),
    pendingFirst: int,
    counters: ref('counters'),
    latency: ref('latency'),
    rate: number,
    rules: list(ref('ruleRow')),
    alarms: list(ref('alarm')),
    owner: orNull(ref('ownerRow')),
    'statistics?': ref('statistics'),
    journal: object({ path: orNull(text), entries: int, error: orNull(text) }),
  }),
  summary: object({
    type: the('summary'),
    t: number,
    reason: oneOf(
      'duration',
      'count',
      'idle',
      'quit',
      'eof',
      'signal',
      'command',
      'owner-ended',
      'output-closed',
      'error',
    ),
    counters: ref('counters'),
    latency: ref('latency'),
    outstanding: object({ groups: int, plan: exitPlan, answered: int, 'gone?': int }),
  }),
};

/** The one object of `iopftop rescue --json`: valid against #/$defs/rescue. */
const RESCUE = object(
  {
    type: the('rescue'),
    protocol: the('iopftop/1'),
    pid: int,
    dryRun: bool,
    stop: bool,
    resume: bool,
    code: answer,
    owner: orNull(ref('ownerRow')),
    report: orNull(ref('rescueReport')),
    error: orNull(object({ message: text, hint: orNull(text) })),
  },
  'What `iopftop rescue --json` prints.',
);

const named = (prefix: string, schemas: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${prefix}-${name}`, schema]));

const choiceOf = (prefix: string, names: string[]): Schema => ({
  oneOf: names.map((name) => ref(`${prefix}-${name}`)),
});

/** A line of the output is valid against the root, a line of the input against #/$defs/command. */
export const SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:iopftop:1',
  title: 'iopftop/1: one line of `iopftop --headless`',
  ...choiceOf('message', Object.keys(MESSAGES)),
  $defs: {
    ...ROWS,
    ...named('message', MESSAGES),
    ...named('command', COMMANDS),
    command: choiceOf('command', Object.keys(COMMANDS)),
    rescue: RESCUE,
  },
};

/** The text of schema/iopftop-1.schema.json. */
export const schemaText = (): string => `${JSON.stringify(SCHEMA, null, 2)}\n`;
