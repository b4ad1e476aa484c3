// The lines of the summary: each is pieces that fit its width, or a chart.

import type { Snapshot, View } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { ageStyle } from '../../model/ages.ts';
import { ALARM_STYLE, fullAlarm, shortAlarm } from '../../model/alarms/words.ts';
import { hasEnded } from '../../model/owner/state-words.ts';
import { count, plural } from '../../text/format.ts';
import { fitPieces, type Piece } from '../../text/pieces.ts';
import type { Style } from '../../text/style.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import { chartLine, charts } from './charts.ts';
import { oldestGroup } from './oldest.ts';

const GAP = 2;
const piece = (text: string, style: Style, priority: number): Piece => ({ text, style, priority });

function piecesLine(pieces: readonly Piece[], width: number, theme: Theme): string {
  const kept = fitPieces(pieces, width, GAP);
  const [first, ...more] = kept;
  if (!first) return '';
  const line = [{ ...first, text: cell(first.text, Math.min(first.text.length, width)) }, ...more];
  return line.map(({ text, style }) => theme.paint(style, theme.glyphs(text))).join(' '.repeat(GAP));
}

/** Worst first: the sentence of the first, if there is room, and as many of the others as fit. */
function alarmPieces({ alarms, devices }: Snapshot, width: number): Piece[] {
  const [first, ...others] = alarms;
  if (!first) return [piece('no alarm', 'dim', 0)];
  const full = fullAlarm(first);
  const rest = others.map((alarm) => ({ text: shortAlarm(alarm, devices), style: ALARM_STYLE[alarm.level] }));
  const more = `+${others.length} more`.length;
  const needed = full.length + (others.length ? GAP + Math.min(more, rest[0]!.text.length) : 0);
  const words = needed <= width ? full : shortAlarm(first, devices);
  const shown = [piece(words, first.level === 'critical' ? 'alarm' : 'warn', 0)];
  let left = width - words.length;
  for (const [i, { text, style }] of rest.entries()) {
    const last = i === rest.length - 1;
    if (text.length + GAP + (last ? 0 : GAP + more) > left) {
      shown.push(piece(`+${rest.length - i} more`, style, 1));
      break;
    }
    shown.push(piece(text, style, 1));
    left -= text.length + GAP;
  }
  return shown;
}

function oldestPieces(snapshot: Snapshot): Piece[] {
  const oldest = oldestGroup(snapshot);
  if (!oldest)
    return [
      piece(
        snapshot.owner?.taken === false && !hasEnded(snapshot.owner) ? 'watching: nothing is read' : 'nothing waits',
        'dim',
        0,
      ),
    ];
  const group = oldest.group === null ? '' : `group ${oldest.group}`;
  return [
    piece(`oldest ${duration(oldest.ns)}`, ageStyle(oldest.ns), 0),
    piece(oldest.where, 'title', 0),
    piece(group, 'plain', 1),
  ];
}

function latencyPieces({ latency }: Snapshot): Piece[] {
  if (!latency.count) return [piece('read→answer: none yet', 'dim', 4)];
  const { p50Ns, p95Ns, p99Ns, maxNs } = latency;
  return [
    piece(`read→answer p50 ${duration(p50Ns)}`, 'plain', 3),
    piece(`p95 ${duration(p95Ns)}`, 'plain', 4),
    piece(`p99 ${duration(p99Ns)}`, 'plain', 2),
    piece(`max ${duration(maxNs)}`, 'plain', 5),
    piece('(the kernel does not timestamp faults)', 'dim', 6),
  ];
}

function counterPieces({ counters }: Snapshot): Piece[] {
  const { faults, groups, success, invalid, unseen, auto, refused, repeated, evicted, dropped } = counters;
  return [
    piece(`read ${plural(faults, 'fault')} in ${plural(groups, 'group')}`, 'plain', 4),
    piece(`SUCCESS ${count(success)}`, 'good', 0),
    piece(`INVALID ${count(invalid)}`, 'bad', 0),
    piece(unseen ? `unseen ${count(unseen)}` : '', 'warn', 0),
    piece(`auto ${count(auto)}`, 'auto', 1),
    piece(`refused ${count(refused)}`, refused ? 'warn' : 'dim', 3),
    piece(`repeated ${count(repeated)}`, repeated ? 'warn' : 'dim', 2),
    piece(`evicted ${count(evicted)}`, 'dim', 7),
    piece(`dropped ${count(dropped)}`, dropped ? 'bad' : 'dim', dropped ? 1 : 6),
  ];
}

/** Cells of "answered/s". */
const LABEL = 10;

/** Painted lines of at most `width` cells. */
export function summaryLines(view: View, width: number, height: number, theme: Theme): string[] {
  const { snapshot } = view;
  const { faults, answered, pending } = charts(view);
  const pieces = (list: readonly Piece[]) => piecesLine(list, width, theme);
  const alarms = pieces(alarmPieces(snapshot, width));
  const waiting = pieces([...oldestPieces(snapshot), ...latencyPieces(snapshot)]);
  if (height < 6) {
    const half = Math.floor((width - GAP) / 2);
    const two = [
      chartLine(faults, { labelWidth: 8, width: half, alone: true }, theme),
      chartLine(pending, { labelWidth: 7, width: width - GAP - half, alone: true }, theme),
    ];
    return [alarms, waiting, two.join(' '.repeat(GAP))];
  }
  const lines = [faults, answered, pending].map((chart) =>
    chartLine(chart, { labelWidth: LABEL, width, alone: false }, theme),
  );
  return [alarms, waiting, ...lines, pieces(counterPieces(snapshot))];
}
