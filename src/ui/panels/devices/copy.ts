import { cellsText } from '../../model/columns.ts';
import type { Copied } from '../../model/copied.ts';
import { deviceLines } from '../../model/places/device-tree.ts';
import type { UiState } from '../../model/state.ts';
import { sourceName } from '../../text/names.ts';
import { deviceColumns } from './columns.ts';
import { deviceRow } from './rows.ts';

/** Wide enough for all columns. */
const ALL = 1000;

/** The selected device, or the attachment of the PASID that is selected. */
export function copyDevice(state: UiState): Copied | null {
  const line = deviceLines(state).find(({ key }) => key === state.devices.key);
  if (!line) return null;
  const text = cellsText(deviceColumns(0, state.hello.target.scenario !== null, ALL), deviceRow(line).cells);
  const row = line.branch === 'device' ? line.device : line.attachment!;
  return { what: sourceName(line.device.name, 'pasid' in row ? row.pasid : null), text, address: null, json: row };
}
