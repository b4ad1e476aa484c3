import type { Copied } from '../../state/copy.ts';
import type { UiState } from '../../state/state.ts';
import { sanitise } from '../../text/sanitise.ts';
import { cellsText } from '../columns.ts';
import { deviceColumns } from './columns.ts';
import { deviceRow } from './rows.ts';
import { deviceLines } from './tree.ts';

/** Wide enough for all columns. */
const ALL = 1000;

/** The selected device, or the attachment of the PASID that is selected. */
export function copyDevice(state: UiState): Copied | null {
  const line = deviceLines(state).find(({ key }) => key === state.devices.key);
  if (!line) return null;
  const text = cellsText(deviceColumns(0, state.hello.target.scenario !== null, ALL), deviceRow(line).cells);
  const name = sanitise(line.device.name);
  if (line.branch === 'device') return { what: name, text, address: null, json: line.device };
  return { what: `${name} PASID ${line.attachment!.pasid}`, text, address: null, json: line.attachment! };
}
