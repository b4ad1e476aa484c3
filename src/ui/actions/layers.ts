// Who takes the keys: the panels, or what lies over them. From the bottom to the top.
import type { KeyPress } from '../../terminal/key-press.ts';
import { type ActionId, actionFor, CHANGING, type Where } from '../model/keys.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { onDialogKey } from './dialog-keys.ts';
import { onHelpKey } from './help-keys.ts';
import { ACTIONS } from './key-actions.ts';
import { onLeavingKey } from './leave.ts';
import type { OnScreen } from './on-screen.ts';
import { onPageKey } from './page-keys.ts';
import { onPaletteKey } from './palette.ts';
import { onPromptKey } from './prompt.ts';
import { onFormKey } from './rule-form.ts';
import { isUnseen, onUnseenKey } from './unseen.ts';

export type LayerName = 'page' | 'palette' | 'prompt' | 'form' | 'help' | 'dialog' | 'unseen' | 'leaving';

export interface Layer {
  readonly name: LayerName;
  isOpen(state: UiState): boolean;
  /** A key → the next state, and the effects. */
  onKey(state: UiState, key: KeyPress, onScreen: OnScreen): Outcome;
  /** Whether the key would answer, change, ask, leave or reach outside the screen. The others move and look, or are text. */
  acts(state: UiState, key: KeyPress): boolean;
  /** Whether it would change something that the layer shows. */
  changes(state: UiState, key: KeyPress): boolean;
  /** Whose keys the footer has. */
  footer(state: UiState): Where;
}

/** In addition to those that a read-only run refuses. */
const ALSO: readonly ActionId[] = ['quit', 'suspend', 'copy', 'mouse'];

const never = (): boolean => false;
const isSuspend = ({ keys }: UiState, { name }: KeyPress): boolean => actionFor(keys, name, 'everywhere') === 'suspend';
const confirms = ({ keys }: UiState, { name }: KeyPress): boolean => actionFor(keys, name, 'dialog') === 'confirm';

const chooses = (state: UiState, key: KeyPress): boolean => key.name === 'enter' || (!key.text && confirms(state, key));
const arms = ({ form }: UiState, { name }: KeyPress): boolean =>
  name === 'enter' && (form!.focus === 'arm' || form!.focus === 'cancel');

const page: Layer = {
  name: 'page',
  isOpen: () => true,
  onKey: onPageKey,
  acts({ keys, focus }, { name }) {
    const action = actionFor(keys, name, focus);
    return action !== null && (CHANGING.includes(action) || ALSO.includes(action));
  },
  changes({ keys, focus }, { name }) {
    const action = actionFor(keys, name, focus);
    return action !== null && CHANGING.includes(action);
  },
  footer: ({ focus }) => focus,
};

const palette: Layer = {
  name: 'palette',
  isOpen: (state) => state.palette !== null,
  onKey: (state, key, onScreen) => onPaletteKey(state, key, onScreen, ACTIONS),
  acts: chooses,
  changes: chooses,
  footer: () => 'dialog',
};

const prompt: Layer = {
  name: 'prompt',
  isOpen: (state) => state.prompt !== null,
  onKey: (state, key) => onPromptKey(state, state.prompt!, key),
  // A filter only looks
  acts: never,
  changes: never,
  footer: ({ focus }) => focus,
};

const form: Layer = {
  name: 'form',
  isOpen: (state) => state.form !== null,
  onKey: onFormKey,
  acts: (state, key) => arms(state, key) || (!key.text && isSuspend(state, key)),
  changes: arms,
  footer: () => 'dialog',
};

const help: Layer = {
  name: 'help',
  isOpen: (state) => state.help !== null,
  onKey: onHelpKey,
  acts: never,
  changes: never,
  footer: () => 'help',
};

const dialog: Layer = {
  name: 'dialog',
  isOpen: (state) => state.dialog !== null,
  onKey: onDialogKey,
  acts: (state, key) => isSuspend(state, key) || confirms(state, key),
  changes: confirms,
  footer: () => 'dialog',
};

const unseen: Layer = {
  name: 'unseen',
  isOpen: isUnseen,
  onKey: onUnseenKey,
  acts: never,
  changes: never,
  footer: ({ focus }) => focus,
};

const leaving: Layer = {
  name: 'leaving',
  isOpen: (state) => state.leaving,
  onKey: onLeavingKey,
  acts: never,
  changes: never,
  footer: ({ focus }) => focus,
};

export const LAYERS: readonly Layer[] = [page, palette, prompt, form, help, dialog, unseen, leaving];

/** The layer that is on top in the state. */
export const topLayer = (state: UiState): Layer => LAYERS.findLast(({ isOpen }) => isOpen(state))!;
