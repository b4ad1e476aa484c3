// Marks in words.
import type { UiState } from '../model/state.ts';
import { count } from '../text/format.ts';

/** What a panel's note begins with: "3 marked, "; '' without marks. */
export const marksText = ({ marks, range }: UiState): string =>
  marks.size ? `${count(marks.size)} marked${range ? ' (range)' : ''}, ` : '';
