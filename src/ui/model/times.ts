// Times of arrival in the three ways an operator may want them.
import { duration } from '../../text/duration.ts';
import { clock } from '../text/format.ts';
import { TIME_MODES, type TimeMode } from './config.ts';
import type { UiState } from './state.ts';

export const TIME_TITLES: Record<TimeMode, string> = { 'since-start': 'TIME s', relative: 'AGO', absolute: 'CLOCK' };

type Shown = Pick<UiState, 'time' | 'hello' | 'view' | 'frozen'>;

/** `t`: seconds since the engine's start. At most 12 characters. */
export function timeText(state: Shown, t: number): string {
  if (state.time === 'since-start') return clock(t);
  const now = (state.frozen?.view ?? state.view)?.snapshot.t ?? t;
  if (state.time === 'relative') return duration(Math.max(0, now - t) * 1e9);
  return wallClock(Date.parse(state.hello.startedAt) + t * 1000);
}

/** 23:59:59.123 in the local time zone. */
function wallClock(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two);
  return `${h}:${m}:${s}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

export function nextTimeMode(mode: TimeMode): TimeMode {
  return TIME_MODES[(TIME_MODES.indexOf(mode) + 1) % TIME_MODES.length]!;
}
