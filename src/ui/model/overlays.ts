// What can be open over the panels, or under way in them: the palette, the prompt of a filter, the form of a rule, a range of
// marks.
import type { FilteredList, Rule, Verdict } from '../../protocol/messages.ts';
import type { EditedLine } from '../text/line-editor.ts';
import type { Copied } from './copied.ts';

export interface Palette {
  kind: 'commands' | 'filters' | 'copy';
  line: EditedLine;
  /** The selected one of those that fit. */
  at: number;
  /** What was selected when it opened: an action is for that, or for nothing. */
  target: string;
  /** The row under the cursor at that time, if it will be copied. */
  row: Copied | null;
}

export interface Prompt {
  list: FilteredList;
  line: EditedLine;
  /** The filter as it was when the prompt opened: Esc puts it back. */
  before: string;
  /** Which of the filters typed before stands in the line, from the newest, 0; null: what is being typed. */
  past: number | null;
  /** What was being typed when the history was entered. */
  draft: string;
  /** Names that are shown to choose from. */
  completion: Completion | null;
}

export interface Completion {
  names: readonly string[];
  /** Index of the name in the line; -1: their common prefix. */
  at: number;
}

export const FORM_FIELDS = ['name', 'when', 'then', 'after', 'cancel', 'arm'] as const;
export type FormField = (typeof FORM_FIELDS)[number];

export interface RuleForm {
  /** The list when it opened. */
  rules: readonly Rule[];
  /** The rule that is edited; null: a new one. */
  name: string | null;
  /** Where it stands in the list, or will. */
  index: number;
  fields: { name: EditedLine; when: EditedLine; then: Verdict; after: EditedLine };
  focus: FormField;
  /** Goes up with each change: the number of the test that is of the present text. */
  revision: number;
  /** The revision it opened with: at another one something has been typed. */
  untouched: number;
  /** Esc was pressed, and something had been typed: once more discards it. */
  givingUp: boolean;
}

/** The lists whose groups can be marked. */
export type MarkedList = 'pending' | 'stream';

/** A range that is being drawn: the group it began at, and what was marked before. */
export interface Range {
  list: MarkedList;
  from: number;
  before: ReadonlySet<number>;
}
