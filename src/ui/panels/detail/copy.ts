import { iommuHwptPgfault } from '../../../uapi/iommufd.ts';
import type { Copied } from '../../model/copied.ts';
import { detailNow } from '../../model/places/detail.ts';
import type { UiState } from '../../model/state.ts';
import { faultJson } from '../fault-json.ts';
import { faultFields, responseBytes, responseFields } from './fields.ts';

/** The field under the cursor; address and JSON are of the record that it is of. */
export function copyField(state: UiState): Copied | null {
  const detail = detailNow(state);
  if (!state.detail || detail?.found !== 'held' || !detail.records.length) return null;
  const record = detail.records.subarray(0, iommuHwptPgfault.size);
  const fields = [...faultFields(record, detail), ...responseFields(responseBytes(record, detail.state), detail.state)];
  const line = fields[state.detail.field];
  if (!line) return null;
  const { group, queue, arrived: t, seq, from } = detail;
  const json = faultJson(record, { group, queue, t, seq: seq + from });
  const { kernelName } = line.field;
  const text = [kernelName, line.value, line.meaning].join('\t');
  return { what: `${kernelName} of group ${group}`, text, address: json.addr, json };
}
