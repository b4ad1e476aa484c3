// Dialogs as data. A dialog latches its target when it opens; what it says about the target is computed again from each view.
import type { Command, ExitPlan, GroupChoice, RespondCommand, Rule } from '../../../protocol/messages.ts';
import type { RescuePlan } from '../../../text/owner-risk.ts';
import { sourceName } from '../../text/names.ts';

/** A device or a PASID of it, and what it was attached to when the dialog opened. */
export interface Target {
  devId: number;
  pasid: number | null;
  device: string;
  hwptId: number | null;
}

/** `turn`: another way to rescue. */
export type ChosenAction = { command: Command } | { quit: ExitPlan } | { turn: 'stop' | 'resume' | 'code' };

export interface Choice {
  label: string;
  /** null: cancel. */
  does: ChosenAction | null;
  /** A note about it, shown while it is selected. */
  note?: string;
  /** For a new list of rules: the message once it is in force, and the rule that is selected then. */
  done?: { what: string; rule: string | null };
}

type DialogKind =
  | 'respond'
  /** A second look before SUCCESS to one group. */
  | 'doubt'
  | 'map'
  | 'replace'
  | 'attach'
  | 'detach'
  | 'rules'
  /** Before a rule that matches everything is armed. */
  | 'everything'
  | 'take'
  | 'rescue'
  | 'stop'
  | 'report'
  | 'quit';

/** What has to be typed before anything but Cancel is done: digits, or small letters. */
export interface Typed {
  label: string;
  word: string;
  value: string;
}

export interface Dialog {
  /** Names the report on its groups among those that views bring. */
  id: number;
  kind: DialogKind;
  title: string;
  /** null: not of one device. */
  target: Target | null;
  choices: Choice[];
  /** The selected choice; 0, Cancel, at first. */
  at: number;
  /** A number that is typed in, for a PASID. */
  input: { label: string; value: string } | null;
  /** Groups that the action is for: by number where they were all known when it opened. */
  groups: GroupChoice | null;
  /** The list of rules that it was opened for. */
  rules: readonly Rule[] | null;
  /** The rule that it is about. */
  rule: Rule | null;
  /** The other process, as it was when it opened. */
  pid: number | null;
  typed: readonly Typed[];
  plan: RescuePlan | null;
  /** The lines of a report, which do not change with the view. */
  said: readonly string[];
  /** When it was reported, in seconds since the start: an earlier view does not show the result. */
  reportedAt: number;
}

export const CANCEL: Choice = { label: 'Cancel', does: null };

/** What most dialogs do not have. */
export const PLAIN = {
  id: 0,
  target: null,
  at: 0,
  input: null,
  groups: null,
  rules: null,
  rule: null,
  pid: null,
  typed: [],
  plan: null,
  said: [],
  reportedAt: 0,
} as const;

export type AnswerCode = RespondCommand['code'];

/** The answers that it offers. */
export const codesOf = ({ choices }: Dialog): AnswerCode[] =>
  choices.flatMap(({ does }) =>
    does && 'command' in does && does.command.cmd === 'respond' ? [does.command.code] : [],
  );

export const targetName = ({ device, pasid }: Target): string => sourceName(device, pasid);
