// The rules panel: the list in order, since the first rule that matches decides.

import type { ReactNode } from 'react';
import { keyFor } from '../../model/key-words.ts';
import type { Rect } from '../../model/layout.ts';
import { selectedRule, shownRules } from '../../model/rules.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { plural } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { type Fitted, fitColumns, withNames } from '../../text/table.ts';
import type { Line } from '../lines.ts';
import { type TableOf, tableRoom } from '../lines.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { Table } from '../table.tsx';
import { ruleColumns } from './columns.ts';
import { ruleRow } from './rows.ts';

function fitted(state: UiState, width: number): Fitted {
  const names = shownRules(state).map((rule) => sanitise(rule.name));
  const longest = Math.max(0, ...names.map((name) => name.length));
  return withNames(fitColumns(ruleColumns(longest), tableRoom(width)), 'name', names);
}

function words(state: UiState): string[] {
  if (!shownView(state)) return ['Waiting for the engine to start.'];
  if (shownRules(state).length) return [];
  return [
    'No rule: every group waits for you.',
    ...(state.hello.readOnly ? [] : [`Press ${keyFor(state, 'newRule')} to add one.`]),
    'A rule answers the groups that its condition matches, at once or after a while; before it is armed it is tried on the history. --rules FILE loads rules.',
  ];
}

function lines(state: UiState, body: Rect): Line[] {
  const { top } = state.rules;
  const groups = shownView(state)!.snapshot.counters.groups;
  const selected = selectedRule(state);
  return shownRules(state)
    .map((rule, i) => ({ ...ruleRow(rule, i, groups), selected: i === selected }))
    .slice(top, top + body.height);
}

function note(state: UiState): string {
  const rules = shownRules(state);
  if (!rules.length) return '';
  const off = rules.filter((rule) => !rule.enabled).length;
  const broken = rules.filter((rule) => rule.enabled && rule.broken).length;
  const dry = state.hello.dryRun ? ', dry run: they answer nothing' : '';
  // Where one is broken that is what matters, also where there is little room
  const how = broken ? '' : 'the first match decides; ';
  return `${how}${plural(rules.length, 'rule')}${broken ? `, ${broken} broken` : ''}${off ? `, ${off} off` : ''}${dry}`;
}

const TABLE: TableOf = { fitted, words, lines };

export function RulesPanel(props: PanelProps): ReactNode {
  return (
    <Panel {...props} note={note}>
      <Table {...props} of={TABLE} />
    </Panel>
  );
}
