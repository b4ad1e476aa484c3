// Which alarms are up. Values are measured repeatedly; this decides whether one raises, changes or clears an alarm, with
// hysteresis, so that a value that oscillates around its threshold does not.
import { ALARM_KINDS, type Alarm } from '../../protocol/messages.ts';

/** Below this part of the threshold (or of the level's own) an alarm is over. */
const CLEAR = 0.8;
/** Critical from this many times the threshold. */
const CRITICAL = 2;

/** A watched value, as it is now. */
export interface Measure extends Pick<Alarm, 'kind' | 'value' | 'threshold' | 'devId' | 'pasid' | 'text'> {
  /** It has no degrees: critical as soon as it is measured, over as soon as it is not. */
  readonly atOnce: boolean;
}

export interface Change {
  readonly alarm: Alarm;
  /** Also `raised` if the level has changed. */
  readonly change: 'raised' | 'cleared';
}

type Level = Alarm['level'] | null;

function levelOf({ value, threshold, atOnce }: Measure, before: Level): Level {
  if (atOnce) return 'critical';
  const held = (level: Level, from: number) => value >= from || (before === level && value >= from * CLEAR);
  if (held('critical', threshold * CRITICAL)) return 'critical';
  if (held('warning', threshold) || (before !== null && value >= threshold * CLEAR)) return 'warning';
  return null;
}

const keyOf = ({ kind, devId, pasid }: Measure | Alarm): string =>
  kind === 'hung' || kind === 'refault' ? `${kind}/${devId}/${pasid ?? ''}` : kind;

const RANK = new Map(ALARM_KINDS.map((kind, i) => [kind, i]));

/** Critical ones first, then in the order of their kinds, then the one that is up longest. */
const byWorst = (a: Alarm, b: Alarm): number =>
  Number(b.level === 'critical') - Number(a.level === 'critical') ||
  (RANK.get(a.kind) as number) - (RANK.get(b.kind) as number) ||
  a.since - b.since;

export class AlarmBook {
  readonly #up = new Map<string, Alarm>();

  /** `t`: seconds since the start. What is up and not among the measures is over. */
  update(measures: readonly Measure[], t: number): Change[] {
    const changes: Change[] = [];
    const gone = new Map(this.#up);
    for (const measure of measures) {
      const key = keyOf(measure);
      const before = this.#up.get(key);
      const level = levelOf(measure, before?.level ?? null);
      if (level === null) continue;
      gone.delete(key);
      const { atOnce: _, ...shown } = measure;
      const alarm: Alarm = { ...shown, level, since: before?.since ?? t };
      this.#up.set(key, alarm);
      if (before?.level !== level) changes.push({ alarm, change: 'raised' });
    }
    for (const [key, alarm] of gone) {
      this.#up.delete(key);
      changes.push({ alarm, change: 'cleared' });
    }
    return changes;
  }

  /** The level of an alarm that is not about one device, null when it is not up. */
  level(kind: 'oldest' | 'pending' | 'rate' | 'dropped'): Level {
    return this.#up.get(kind)?.level ?? null;
  }

  /** Those that are up, worst first; their values are those of the last update. */
  get list(): Alarm[] {
    return [...this.#up.values()].sort(byWorst);
  }
}
