// The devices panel: device → PASID → what it is attached to and who handles its faults.

import type { ReactNode } from 'react';
import { isBorrowed } from '../../model/abilities.ts';
import { isHung } from '../../model/ages.ts';
import { deviceNames, MAX_NAME, nameWidth } from '../../model/columns.ts';
import type { Rect } from '../../model/layout.ts';
import { bodyHeight } from '../../model/layout-of.ts';
import { hasEnded } from '../../model/owner/state-words.ts';
import { deviceLines } from '../../model/places/device-tree.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { plural } from '../../text/format.ts';
import { type Fitted, fitColumns, withNames } from '../../text/table.ts';
import type { Line } from '../lines.ts';
import { type TableOf, tableRoom } from '../lines.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { Table } from '../table.tsx';
import { unfitWords } from '../unfit.ts';
import { deviceColumns } from './columns.ts';
import { deviceRow, nameOf } from './rows.ts';

function fitted(state: UiState, width: number): Fitted {
  const room = tableRoom(width);
  const names = Math.max(nameWidth(state), ...deviceLines(state).map((line) => nameOf(line).length));
  const columns = deviceColumns(Math.min(MAX_NAME, names), isSpeaking(state), room);
  return withNames(fitColumns(columns, room), 'name', deviceNames(state));
}

/** Simulated devices say what is wrong with them; a host's configuration space says it for its devices. */
const isSpeaking = ({ hello: { target } }: UiState): boolean => target.scenario !== null || target.kind === 'host';

/** Which rows are in sight, where not all are. */
function inSight(state: UiState): string {
  const [total, height, { top }] = [deviceLines(state).length, bodyHeight(state, 'devices'), state.devices];
  return total > height ? `rows ${top + 1}-${Math.min(total, top + height)} of ${total}, ` : '';
}

/** What poll(2) says of each fault object, by its id. */
function polled(state: UiState): ReadonlyMap<number, string> {
  const queues = shownView(state)?.snapshot.queues ?? [];
  return new Map(
    queues.map(({ faultId, readable, closed }) => [faultId, closed ? 'closed' : readable ? 'POLLIN' : 'empty']),
  );
}

/** Whether another process's queues are not, or no longer, read here. */
const isLooking = (state: UiState): boolean => shownView(state)?.snapshot.owner?.taken === false;

function noDevice(state: UiState): string[] {
  const owner = shownView(state)?.snapshot.owner;
  if (owner && hasEnded(owner)) return [`PID ${owner.pid} has ended: nothing is known here about its devices.`];
  if (owner?.taken === false)
    return [`Only watching PID ${owner.pid}: a device is known by its faults, once they are read here.`];
  return isBorrowed(state.hello)
    ? ['A device is known by its first fault: none has arrived yet.']
    : ['No device is bound.'];
}

function words(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  if (view.devices.length) return [];
  const all = view.snapshot.devices.length;
  if (!all) return noDevice(state);
  return unfitWords(state, 'devices', all, view.filters.devices?.text ?? '');
}

function lines(state: UiState, body: Rect): Line[] {
  const { key, top } = state.devices;
  return deviceLines(state)
    .slice(top, top + body.height)
    .map((line) => ({
      ...deviceRow(line, polled(state), isBorrowed(state.hello), isLooking(state)),
      selected: line.key === key,
    }));
}

function note(state: UiState): string {
  const view = shownView(state);
  if (!view) return '';
  const { devices } = view.snapshot;
  const filtered = view.filters.devices?.text ? `${view.devices.length} of ` : '';
  const attached = devices.filter((d) => d.attachments.length).length;
  const hung = devices.filter(isHung).length;
  const ill = hung ? `${hung} stuck, ` : '';
  // The owner panel says it for another process's queues
  const closed = view.snapshot.owner ? 0 : view.snapshot.queues.filter((queue) => queue.closed).length;
  const shut = closed ? `, ${plural(closed, 'queue')} closed` : '';
  const bound = isBorrowed(state.hello) && !attached ? '' : `, ${attached} attached`;
  return `${ill}${inSight(state)}${filtered}${plural(devices.length, 'device')}${bound}${shut}`;
}

const TABLE: TableOf = { fitted, words, lines };

export function DevicesPanel(props: PanelProps): ReactNode {
  return (
    <Panel {...props} note={note}>
      <Table {...props} of={TABLE} />
    </Panel>
  );
}
