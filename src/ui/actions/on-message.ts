// What the engine reports about commands and about the source of the faults: the words for the message line, and the reports.
import type { Command, DoneMessage, ErrorMessage, NoticeMessage } from '../../protocol/messages.ts';
import type { AnswerCode } from '../model/dialogs/dialog.ts';
import { answeredWords } from '../model/since-freeze.ts';
import type { Asked, UiState } from '../model/state.ts';
import { plural } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';
import { show } from './make-dialogs.ts';
import { reportDialog } from './owner-dialogs.ts';
import { say } from './say.ts';

const invalid = (n: number): string => (n ? `; the kernel answered INVALID to ${plural(n, 'group')}` : '');

/** What `count` counts depends on the command (see DoneMessage). */
const WORDS: Record<Command['cmd'], (done: DoneMessage) => string> = {
  respond: ({ count, gone = 0 }) =>
    `answered ${plural(count, 'group')}${gone ? `; ${plural(gone, 'other')} already gone` : ''}`,
  replace: ({ count, hwptId }) => `replaced by HWPT ${hwptId}${invalid(count)}`,
  attach: ({ hwptId }) => `attached to HWPT ${hwptId}`,
  detach: ({ count }) => `detached${invalid(count)}`,
  trigger: ({ count }) => `triggered ${plural(count, 'fault')}`,
  policy: ({ count }) => `set ${plural(count, 'rule')}`,
  take: ({ count }) => `took ${plural(count, 'queue')} over`,
  stop: () => 'stopped it',
  continue: ({ count }) => (count ? 'resumed it' : 'it was not stopped by us'),
  rescue: ({ count }) => `answered ${plural(count, 'group')}`,
  snapshot: () => 'took a snapshot',
  quit: () => 'quit',
};

/** A command is done: says its result, and shows the report of a rescue. */
export function onDone(state: UiState, done: DoneMessage): UiState {
  const asked = typeof done.id === 'number' ? state.asked.get(done.id) : undefined;
  const words = asked ? wordsOf(done, asked) : WORDS[done.cmd](done);
  const known = asked ? withAnswered(state, asked, done) : state;
  const said = say(forget(known, done.id), 'done', `Done: ${words}`).state;
  return done.rescue && !isBusy(state) ? show(said, reportDialog(done.rescue, done.t)).state : said;
}

/** A frozen screen still shows them as pending. If some were already gone, it is not known which. */
function withAnswered(state: UiState, { groups, code }: Asked, { count }: DoneMessage): UiState {
  if (!state.frozen || code === null) return state;
  const how = count < groups.length ? 'answered' : code === 'invalid' ? 'INVALID' : 'SUCCESS';
  const answered = new Map([...state.frozen.answered, ...groups.map((group) => [group, how] as const)]);
  return { ...state, frozen: { ...state.frozen, answered } };
}

function wordsOf(done: DoneMessage, asked: Asked): string {
  if (asked.cmd === 'policy') return asked.what;
  if (asked.code !== null) return answerWords(done, asked, asked.code);
  return WORDS[done.cmd](done) + (done.cmd === 'trigger' ? asked.what : '');
}

const ANSWER_WORDS: Record<AnswerCode, string> = {
  success: 'SUCCESS',
  invalid: 'INVALID',
  map: 'memory mapped, SUCCESS',
};
/** Up to this many groups are listed by number. */
const FEW = 5;

/** "INVALID → group 1 of nvme0", "INVALID → 4 groups of gpu0 PASID 3 (10, 20, 22, 29); 1 other already gone". */
function answerWords({ count, gone = 0 }: DoneMessage, { groups, of }: Asked, code: AnswerCode): string {
  const numbers = count === groups.length && count <= FEW && !gone ? ` (${groups.join(', ')})` : '';
  const whose = of && count ? ` of ${of}` : '';
  if (groups.length === 1 && count === 1) return `${ANSWER_WORDS[code]} → group ${groups[0]}${whose}`;
  return `${ANSWER_WORDS[code]} → ${plural(count, 'group')}${whose}${numbers}${gone ? `; ${plural(gone, 'other')} already gone` : ''}`;
}

/** The operator has something open: the result of a command goes to the message line, and to the journal. */
const isBusy = ({ dialog, form, prompt, palette, leaving }: UiState): boolean =>
  leaving || [dialog, form, prompt, palette].some((open) => open !== null);

/** Something happened to the source of the faults; it does not replace a message that has not been read yet. */
export function onNotice(state: UiState, { text }: NoticeMessage): UiState {
  const { status } = state;
  if (status?.kind === 'error' && status.until > state.now) return state;
  return say(state, 'info', sanitise(text)).state;
}

/** A command was refused, or failed: says why. */
export function onError(state: UiState, error: ErrorMessage): UiState {
  const [group, ...others] = (typeof error.id === 'number' ? state.asked.get(error.id) : null)?.groups ?? [];
  if (state.frozen && error.kind === 'gone' && group !== undefined && !others.length)
    return say(forget(state, error.id), 'error', answeredWords(state, group)).state;
  const errno = error.errno && !error.message.includes(error.errno) ? ` (${error.errno})` : '';
  const hint = error.hint ? ` — ${sanitise(error.hint)}` : '';
  return say(forget(state, error.id), 'error', `${sanitise(error.message)}${errno}${hint}`).state;
}

function forget(state: UiState, id: DoneMessage['id']): UiState {
  if (typeof id !== 'number' || !state.asked.has(id)) return state;
  const asked = new Map(state.asked);
  asked.delete(id);
  return { ...state, asked };
}
