// What has to be true of the whole output of a run: line against line, and against what the kernel saw.
import { constants } from 'node:os';
import type { Snapshot, Summary } from '../../src/protocol/messages.ts';
import { messageProblem } from '../helpers/schema.ts';
import type { Life } from './life.ts';

type Line = Record<string, unknown> & { type: string };

/** Reads the output; null: all is well. `answered` is what the journal says of each group. */
export function streamProblem(life: Life, answered: ReadonlyMap<number, string>, thorough: boolean): string | null {
  const { front, ending } = life;
  if (front.outputFailed || front.signals > 1) return front.exitCode === null ? 'it has no exit code' : null;
  const lines: Line[] = [];
  for (const text of front.output.split('\n').slice(0, -1)) {
    try {
      lines.push(JSON.parse(text) as Line);
    } catch {
      return `the output has a line that is no JSON: ${text}`;
    }
  }
  if (!front.output.endsWith('\n')) return 'the output ends in the middle of a line';
  if (lines[0]?.type !== 'hello') return `the output begins with ${lines[0]?.type}`;
  const last = lines.at(-1) as unknown as Summary;
  if (last.type !== 'summary') return `the output ends with ${last.type}`;
  if (thorough) for (const line of lines) if (messageProblem(line) !== null) return messageProblem(line);
  const unheard = lines.some(({ type, messages }) => type === 'dropped' && Number(messages) > 0);
  if (life.afterKill && !unheard && !lines.some(({ type, what }) => type === 'notice' && what === 'unfinished'))
    return 'the run before was killed, and this one does not say so';
  return (
    eachLine(life, lines, answered) ??
    replies(life, lines) ??
    summaryProblem(life, last, lines) ??
    exitCodeProblem(life, last, ending === 'bug')
  );
}

/** In the order of the output: time, the numbers of faults and groups, and what each answer says. */
function eachLine(life: Life, lines: Line[], answered: ReadonlyMap<number, string>): string | null {
  const { groups } = life.kernel;
  const said = new Map<number, string>();
  let [t, seq, group] = [0, 0, 0];
  let dropped = false;
  for (const line of lines) {
    if (typeof line.t === 'number') {
      if (line.t < t) return `${line.type} at ${line.t} s is printed after ${t} s`;
      t = line.t;
    }
    switch (line.type) {
      case 'dropped':
        dropped = true;
        break;
      case 'fault': {
        if (dropped ? Number(line.seq) <= seq : line.seq !== seq + 1)
          return `fault ${line.seq} is printed after ${seq}`;
        const problem = otherGroup(life, line);
        if (problem) return problem;
        seq = Number(line.seq);
        break;
      }
      case 'group': {
        if (dropped ? Number(line.group) <= group : line.group !== group + 1)
          return `group ${line.group} is printed after ${group}`;
        const problem = otherGroup(life, line);
        if (problem) return problem;
        group = Number(line.group);
        break;
      }
      case 'answer': {
        const problem =
          otherGroup(life, line) ?? say(said, Number(line.group), line.result === 'ok' ? String(line.code) : 'kernel');
        if (problem) return problem;
        if (life.options.dryRun && line.cause === 'rule') return `a rule has answered group ${line.group} in a dry run`;
        break;
      }
      case 'auto-responded':
        for (const number of line.groups as number[]) {
          const problem = say(said, number, 'kernel');
          if (problem) return problem;
        }
        break;
      case 'snapshot': {
        const problem = snapshotProblem(line as unknown as Snapshot);
        if (problem) return problem;
        break;
      }
    }
  }
  for (const [number, answer] of said) {
    const truth = groups[number - 1]?.answer;
    if (truth !== answer) return `the stream says ${answer} of group ${number}, which is ${truth}`;
  }
  // Only a part of the answers is printed with --stream none, or when the reader was too slow.
  if (dropped || life.stream === 'none' || life.journal.lost > 0) return null;
  // --count: what lies beyond it has no line, and is in the journal.
  const most = life.options.until.groups ?? Number.POSITIVE_INFINITY;
  for (const number of said.keys()) if (number > most) return `group ${number} is told of, ${most} were asked for`;
  for (const number of answered.keys())
    if (!said.has(number) && number <= most) return `group ${number} is answered in the journal only`;
  for (const number of said.keys()) if (!answered.has(number)) return `group ${number} is answered in the stream only`;
  return null;
}

function say(said: Map<number, string>, number: number, answer: string): string | null {
  if (said.has(number)) return `the stream has group ${number} answered twice`;
  said.set(number, answer);
  return null;
}

/** A line of a group against what the kernel gave under that number. */
function otherGroup({ kernel }: Life, { type, group, cookie, devId }: Line): string | null {
  const truth = kernel.groups[Number(group) - 1];
  if (!truth) return `${type} line of group ${group}, which was never read`;
  return truth.cookie === cookie && truth.devId === devId
    ? null
    : `${type} line of group ${group}: cookie ${cookie} of device ${devId}, read was cookie ${truth.cookie} of ${truth.devId}`;
}

function snapshotProblem({ counters, queues, devices, pending, statistics }: Snapshot): string | null {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const { groups, success, invalid, auto, faults } = counters;
  if (success + invalid + auto + counters.pending !== groups) return 'a snapshot does not add up';
  if (pending.length !== counters.pending) return `a snapshot lists ${pending.length} of ${counters.pending} groups`;
  if (sum(queues.map((queue) => queue.pending)) !== counters.pending) return 'the pending of the queues do not add up';
  if (sum(queues.map((queue) => queue.faults)) !== faults) return 'the faults of the queues do not add up';
  if (sum(devices.map((device) => device.faults)) !== faults) return 'the faults of the devices do not add up';
  if (!statistics) return null;
  const { sources, otherGroups } = statistics;
  if (sum(sources.map((source) => source.groups)) + otherGroups !== groups) return 'the sources do not add up';
  return null;
}

/** Every command that the engine took is answered once, every other one at most once. */
function replies({ taken }: Life, lines: Line[]): string | null {
  const replied = new Map<unknown, number>();
  for (const { type, id } of lines) {
    if ((type === 'done' || type === 'error') && id !== null && id !== undefined)
      replied.set(id, (replied.get(id) ?? 0) + 1);
  }
  for (const [id, count] of replied) if (count > 1) return `command ${id} is answered ${count} times`;
  for (const { id, cmd } of taken) {
    if (id !== undefined && cmd !== 'snapshot' && !replied.has(id)) return `command ${id} (${cmd}) is not answered`;
  }
  return null;
}

function summaryProblem({ kernel, options }: Life, summary: Summary, lines: Line[]): string | null {
  const { counters, outstanding, beyond = { groups: 0, faults: 0 } } = summary;
  const by = (answer: string) => kernel.groups.filter((group) => group.answer === answer).length;
  if (counters.groups !== kernel.groups.length) return 'the summary counts other groups than were read';
  if (counters.success !== by('success')) return `the summary says ${counters.success} SUCCESS`;
  if (counters.invalid !== by('invalid')) return `the summary says ${counters.invalid} INVALID`;
  // What was left at the end the kernel has answered too.
  if (counters.auto + counters.pending !== by('kernel')) return `the summary says ${counters.auto} by the kernel`;
  if (outstanding.groups - outstanding.answered - (outstanding.gone ?? 0) !== counters.pending)
    return 'the outstanding do not add up';
  const dropped = lines.filter(({ type }) => type === 'dropped');
  const sum = (what: string) => dropped.reduce((total, line) => total + Number(line[what]), 0);
  const printed = lines.filter(({ type }) => type === 'fault').length;
  if (printed > 0 && printed + sum('faults') + beyond.faults !== counters.faults)
    return `${printed} faults were printed, ${beyond.faults} beyond what was asked for, ${counters.faults} counted`;
  const most = options.until.groups ?? Number.POSITIVE_INFINITY;
  if (beyond.groups !== Math.max(0, counters.groups - most)) return `the summary says ${beyond.groups} groups beyond`;
  const unprinted = kernel.groups
    .slice(most)
    .filter(({ answer }) => answer === 'success' || answer === 'invalid').length;
  const answers = lines.filter(({ type }) => type === 'answer').length;
  const all = counters.success + counters.invalid;
  // In a dry run verdicts are among those that were dropped.
  if (answers > 0 && !options.dryRun && answers + sum('answers') + unprinted !== all)
    return `${answers} answers were printed, ${unprinted} beyond, ${all} given`;
  return null;
}

function exitCodeProblem({ front }: Life, { reason, outstanding }: Summary, bug: boolean): string | null {
  const { exitCode, lastSignal } = front;
  const left = outstanding.groups > outstanding.answered + (outstanding.gone ?? 0);
  const right =
    lastSignal !== null ? 128 + constants.signals[lastSignal] : bug || reason === 'error' ? 1 : left ? 3 : 0;
  return exitCode === right ? null : `exit code ${exitCode} with reason ${reason}, ${right} is right`;
}
