// What has to be true of all that a second listener was told: by itself, and beside what the first one was told.
import { heardAs } from '../../src/engine/thread/heard.ts';
import { RECORD_BYTES } from '../../src/iommufd/fault-queue.ts';
import type { FromEngine, Snapshot, Summary } from '../../src/protocol/messages.ts';
import type { Life } from './life.ts';
import type { Stay } from './second.ts';

type Of<T extends FromEngine['type']> = Extract<FromEngine, { type: T }>;

const ofType = <T extends FromEngine['type']>(messages: readonly FromEngine[], type: T): Of<T>[] =>
  messages.filter((message): message is Of<T> => message.type === type);

const sum = <T>(list: readonly T[], of: (one: T) => number): number => list.reduce((total, one) => total + of(one), 0);

/** What is told to whoever wants to hear it, but for what an asker is told alone. */
const news = (messages: readonly FromEngine[]): FromEngine[] => messages.filter((message) => heardAs(message) !== null);

/** null: all is well. */
export function secondProblem(life: Life): string | null {
  const { second, ending } = life;
  if (second.broken !== null) return second.broken;
  if (ending === null || ending === 'killed') return null;
  second.takeAll();
  // All of it was sent, whether the first one's reader takes it or not.
  const first = [...life.front.delivered, ...life.front.fromEngine.flat()];
  for (const stay of second.stays.filter(({ joined }) => joined)) {
    if (!stay.left && stay.delivered.length === 0) return `listener ${stay.id} has joined and hears nothing`;
    const problem = alone(stay) ?? replies(stay) ?? (stay.left ? null : books(life, stay)) ?? beside(stay, first);
    if (problem !== null) return `listener ${stay.id}: ${problem}`;
  }
  return null;
}

/** The order of what it is told, and that it is told nothing that it does not want to hear. */
function alone({ delivered, as: { hears } }: Stay): string | null {
  const told = delivered.filter(({ type }) => type !== 'flush' && type !== 'view');
  if (told.length === 0) return null;
  // The window of an active one may be shown before the first packet.
  if (told[0]?.type !== 'hello' || told[1]?.type !== 'snapshot')
    return `it begins with ${told[0]?.type} and ${told[1]?.type}`;
  let t = 0;
  for (const message of told) {
    const heard = heardAs(message);
    const reply = message.type === 'error';
    if (heard !== null && !reply && !hears.includes(heard)) return `it is told of ${message.type}`;
    if (!('t' in message)) continue;
    if (message.t < t) return `${message.type} at ${message.t} s comes after ${t} s`;
    t = message.t;
  }
  return null;
}

/** To its own commands, each one once, whatever ids others use. */
function replies({ delivered, taken, left }: Stay): string | null {
  const replied = delivered.flatMap((message) =>
    (message.type === 'done' || message.type === 'error') && message.id !== null ? [message.id] : [],
  );
  if (new Set(replied).size < replied.length) return 'a command is answered twice';
  const known = new Set(taken.map(({ id }) => id));
  for (const id of replied) if (!known.has(id)) return `a reply to ${id}, which it did not ask`;
  const asked = taken.filter(({ cmd }) => cmd === 'snapshot').length;
  const snapshots = ofType(delivered, 'snapshot').length;
  if (snapshots > asked + 1) return `${snapshots} snapshots, and it has asked for ${asked}`;
  if (left) return null;
  for (const { id, cmd } of taken)
    if (cmd !== 'snapshot' && id !== undefined && !replied.includes(id))
      return `command ${id} (${cmd}) is not answered`;
  return snapshots === asked + 1 ? null : `${snapshots - 1} snapshots, and it has asked for ${asked}`;
}

/** From how things stood when it joined, and what it was told and was not told since, to the summary. */
function books({ options }: Life, { delivered, as: { hears } }: Stay): string | null {
  const summary = delivered.at(-1) as Summary;
  if (summary.type !== 'summary') return `it ends with ${summary.type}`;
  const [{ counters: then }] = ofType(delivered, 'snapshot') as [Snapshot];
  const { counters: now, beyond = { groups: 0, faults: 0 } } = summary;
  const lost = ofType(delivered, 'dropped');
  if (now.dropped !== sum(lost, ({ faults }) => faults)) return `its summary says that ${now.dropped} were dropped`;
  if (!hears.includes('events')) return now.dropped === 0 ? null : `${now.dropped} faults were kept from it`;
  const batches = ofType(delivered, 'batch');
  const faults = sum(batches, ({ records }) => records.byteLength / RECORD_BYTES);
  // What lies beyond --count is told to nobody; some of it may have been read before it joined.
  const untold = now.faults - then.faults - faults - now.dropped;
  if (untold < 0 || untold > beyond.faults)
    return `${then.faults} faults when it joined, ${faults} told, ${now.dropped} dropped, ${now.faults} at the end`;
  const [next] = batches;
  if (lost.length === 0 && next && next.firstSeq !== then.faults + 1)
    return `the first fault is ${next.firstSeq}, ${then.faults} when it joined`;
  // What lies beyond --count has no message, and verdicts are among what was dropped in a dry run.
  if (beyond.groups > 0 || options.dryRun) return null;
  const answers = sum(ofType(delivered, 'answers'), ({ groups, result }) => (result === 'ok' ? groups.length : 0));
  const unheard = sum(lost, (one) => one.answers);
  const given = now.success + now.invalid - then.success - then.invalid;
  // What was dropped may have been gone, and is no answer then.
  return answers <= given && answers + unheard >= given
    ? null
    : `${answers} answers told, ${unheard} dropped, ${given} given since it joined`;
}

/** The same messages in the same order as the first one, apart from each one's drops. */
function beside(stay: Stay, first: readonly FromEngine[]): string | null {
  const {
    delivered,
    as: { hears },
    left,
  } = stay;
  const broadcast = (message: FromEngine): boolean => message.type !== 'error' && heardAs(message) !== null;
  const mine = delivered.filter(broadcast);
  const theirs = news(first).filter((message) => broadcast(message) && hears.includes(heardAs(message) as never));
  const places = new Map(theirs.map((message, at) => [message, at]));
  const lost = ofType(first, 'dropped').length > 0;
  let last = -1;
  for (const message of mine) {
    const at = places.get(message);
    if (at === undefined && lost) continue;
    if (at === undefined) return `it is told of ${message.type}, and the first one is not`;
    if (at < last) return `${message.type} comes in another order than to the first one`;
    last = at;
  }
  if (left || delivered.length === 0 || ofType(delivered, 'dropped').length > 0) return null;
  const [{ t }] = ofType(delivered, 'snapshot') as [Snapshot];
  const had = new Set(mine);
  const missing = theirs.find((message) => 't' in message && message.t > t && !had.has(message));
  return missing ? `${missing.type} was told to the first one only` : null;
}
