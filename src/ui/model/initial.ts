// The state that a session begins with.
import type { Hello } from '../../protocol/messages.ts';
import type { ScreenConfig } from './config.ts';
import { firstHint } from './hint.ts';
import { remap } from './keymap.ts';
import { KEYS } from './keys.ts';
import type { SessionId, UiState } from './state.ts';

/** The session of this process's own engine. */
export const LOCAL: SessionId = 'local';

export function initialState(
  hello: Hello,
  { columns, rows }: Pick<UiState, 'columns' | 'rows'>,
  now: number,
  config: ScreenConfig,
): UiState {
  const { keys } = remap(KEYS, config.keys);
  return {
    session: LOCAL,
    hello,
    config,
    columns,
    rows,
    now,
    view: null,
    frozen: null,
    page: 'overview',
    focus: 'pending',
    overviewFocus: 'pending',
    keys,
    devices: { key: null, top: 0 },
    pending: { group: null, index: 0, top: 0, movedAt: Number.NEGATIVE_INFINITY, movedFrom: null },
    stream: { cursor: null, end: null },
    journal: { cursor: null, end: null },
    statistics: { top: 0 },
    owner: { top: 0 },
    marks: new Set(),
    range: null,
    gathering: null,
    filters: {},
    filterPast: {},
    prompt: null,
    strayUntil: null,
    palette: null,
    theme: config.theme,
    mouse: config.mouse,
    detail: null,
    time: config.time,
    dialog: null,
    form: null,
    rules: { name: null, at: 0, top: 0, draft: null },
    help: null,
    status: firstHint(keys, hello, columns, now),
    asked: new Map(),
    nextId: 1,
    leaving: false,
  };
}
