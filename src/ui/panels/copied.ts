// The row under the cursor of the panel that has it, for the clipboard.
import type { Copied } from '../model/copied.ts';
import type { Panel } from '../model/layout.ts';
import type { UiState } from '../model/state.ts';
import { bare } from '../text/sanitise.ts';
import { copyField } from './detail/copy.ts';
import { copyDevice } from './devices/copy.ts';
import { copyJournal } from './journal/index.tsx';
import { copyOwner } from './owner/index.tsx';
import { copySelectedPending } from './pending/index.tsx';
import { copyRule } from './rules/copy.ts';
import { copySelectedStream } from './stream/index.tsx';

const COPY: Partial<Record<Panel, (state: UiState) => Copied | null>> = {
  devices: copyDevice,
  pending: copySelectedPending,
  stream: copySelectedStream,
  journal: copyJournal,
  rules: copyRule,
  owner: copyOwner,
  detail: copyField,
};

/** Null: there is none. */
export function copied(state: UiState): Copied | null {
  const row = COPY[state.focus]?.(state) ?? null;
  return row && { ...row, text: bare(row.text) };
}
