// Answering groups. The target is what the operator saw highlighted, not what has taken its place since.

import { reportOfGroup, reportOfMarks } from '../model/choice.ts';
import type { AnswerCode, Target } from '../model/dialogs/dialog.ts';
import { pendingOf } from '../model/dialogs/pending-of.ts';
import { canMap, canMapAny, doubtsOf, doubtsOfMany } from '../model/doubts.ts';
import { keyFor } from '../model/key-words.ts';
import { detailNow } from '../model/places/detail.ts';
import { streamRow } from '../model/places/stream.ts';
import { answeredWords, sinceFreeze } from '../model/since-freeze.ts';
import { type Outcome, shownView, type UiState } from '../model/state.ts';
import { sourceName } from '../text/names.ts';
import { doubtDialog, marksDialog, respondDialog, show } from './make-dialogs.ts';
import { endRange } from './marks.ts';
import type { Highlighted } from './on-screen.ts';
import { say } from './say.ts';
import { sendCommand } from './send-command.ts';
import { bondWords, deviceTarget } from './target.ts';

/** Seconds for which a selection that moved by itself accepts no action. */
const SETTLE_TIME = 0.7;

/** Answers what is marked, or what the cursor is on. `highlighted`: see OnScreen; anything else on the terminal is not answered. */
export function respond(before: UiState, code: AnswerCode, highlighted: Highlighted): Outcome {
  const state = endRange(before);
  if (state.focus === 'devices') return respondDevice(state, code);
  if (state.focus === 'detail') return respondDetail(state, code, highlighted);
  if (state.gathering) return say(state, 'info', 'Still marking the groups: press again in a moment.');
  if (state.marks.size) return show(state, marksDialog([...state.marks], code, mayMapMarked(state)));
  if (state.focus === 'stream') return respondStream(state, code);
  const { group, movedAt, movedFrom } = state.pending;
  if (group === null) return say(state, 'info', 'No group is pending.');
  if (movedFrom !== null && state.now - movedAt < SETTLE_TIME) {
    return say(state, 'error', `Group ${movedFrom} is gone; group ${group} is selected now. Press again to answer it.`);
  }
  if (highlighted !== group) return say(state, 'error', `The selection has just moved to group ${group}. Press again.`);
  return respondGroup(state, group, code);
}

function respondStream(state: UiState, code: AnswerCode): Outcome {
  const row = streamRow(state);
  if (!row) return say(state, 'info', 'No fault is selected.');
  if (state.stream.end === null)
    return say(state, 'info', `The stream is moving: press ${keyFor(state, 'up')} to select a fault, then answer it.`);
  if (row.state !== 'pending') return say(state, 'info', `Group ${row.group} has been answered (${row.state}).`);
  return respondGroup(state, row.group, code);
}

/** The group in the detail, marks or not. */
function respondDetail(state: UiState, code: AnswerCode, highlighted: Highlighted): Outcome {
  const detail = detailNow(state);
  if (!detail || highlighted !== detail.group) return say(state, 'info', 'The group is not shown yet. Press again.');
  if (detail.state !== 'pending') return say(state, 'info', `Group ${detail.group} is no longer pending.`);
  return respondGroup(state, detail.group, code);
}

function respondGroup(state: UiState, group: number, code: AnswerCode): Outcome {
  if ([...state.asked.values()].some((asked) => asked.groups.includes(group))) {
    return say(state, 'info', `Group ${group} is being answered.`);
  }
  if (sinceFreeze(state, group)) return say(state, 'info', answeredWords(state, group));
  if (code === 'success') {
    const doubts = doubtsAbout(state, group);
    if (!doubts) return say(state, 'info', `Still checking group ${group}. Press again.`);
    if (doubts.length) return show(state, doubtDialog(group, mayMap(state, group)));
  }
  const outcome = sendCommand(state, { cmd: 'respond', group, code }, `group ${group}`, {
    groups: [group],
    of: whose(state, group),
  });
  return { ...outcome, state: selectNext(outcome.state, group) };
}

/** Why SUCCESS may not help it; null: it is not known yet. */
function doubtsAbout({ view }: UiState, group: number): string[] | null {
  if (!view) return null;
  const row = view.snapshot.pending.find((r) => r.group === group);
  if (row) return doubtsOf(view, row);
  const report = reportOfGroup(view, group);
  return report && doubtsOfMany(view, report);
}

/** Device and PASID of the group, as far as they are in sight. */
function whose(state: UiState, group: number): string {
  const shown = [shownView(state), state.view].flatMap((view) => view?.snapshot.pending ?? []);
  const row = shown.find((r) => r.group === group) ?? (state.view && reportOfGroup(state.view, group)?.sources[0]);
  return row ? sourceName(row.device, row.pasid) : '';
}

function mayMap(state: UiState, group: number): boolean {
  const view = state.view!;
  const row = view.snapshot.pending.find((r) => r.group === group) ?? reportOfGroup(view, group)?.sources[0];
  return row !== undefined && canMap(state, row);
}

/** For at least one of them; while nothing is known about them, the engine refuses what is impossible. */
function mayMapMarked(state: UiState): boolean {
  const report = state.view && reportOfMarks(state.view);
  return report?.sources.length ? report.sources.some((source) => canMap(state, source)) : canMapAny(state);
}

/** A device itself stands for its PASIDs too. */
function mayMapTarget(state: UiState, { devId, pasid }: Target): boolean {
  if (pasid !== null) return canMap(state, { devId, pasid });
  const attachments = state.view?.snapshot.devices.find((d) => d.devId === devId)?.attachments ?? [];
  const waiting = attachments.filter(({ pending }) => pending);
  return (waiting.length ? waiting : [{ pasid: null }]).some((of) => canMap(state, { devId, pasid: of.pasid }));
}

/** After an answer the next group is selected at once, so that several can be answered one after another. */
export function selectNext(state: UiState, group: number): UiState {
  const snapshot = shownView(state)?.snapshot;
  // No group goes away if every answer is refused
  if (!snapshot || state.pending.group !== group || state.hello.readOnly) return state;
  const at = snapshot.pending.findIndex((row) => row.group === group);
  const next = snapshot.pending[at + 1] ?? snapshot.pending[at - 1];
  if (at < 0 || !next) return state;
  const index = snapshot.pendingFirst + snapshot.pending.indexOf(next);
  return { ...state, pending: { ...state.pending, group: next.group, index, movedFrom: null } };
}

function respondDevice(state: UiState, code: AnswerCode): Outcome {
  const bond = bondWords(state);
  if (bond) return say(state, 'info', bond);
  const target = deviceTarget(state);
  const snapshot = state.view?.snapshot;
  if (!target || !snapshot) return say(state, 'info', 'No device is selected.');
  if (!pendingOf(snapshot, target)) return say(state, 'info', 'Nothing is pending there.');
  return show(state, respondDialog(target, code, snapshot, mayMapTarget(state, target)));
}
