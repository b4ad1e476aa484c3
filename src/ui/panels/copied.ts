// The row under the cursor of the panel that has it, for the clipboard.
import type { Copied } from '../model/copied.ts';
import type { UiState } from '../model/state.ts';
import { bare } from '../text/sanitise.ts';
import { PANEL_MODULES } from './registry.ts';

/** Null: there is none. */
export function copied(state: UiState): Copied | null {
  const row = PANEL_MODULES[state.focus].copy?.(state) ?? null;
  return row && { ...row, text: bare(row.text) };
}
