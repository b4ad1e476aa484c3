// Which keys the footer shows.
import { topLayer } from '../actions/layers.ts';
import { whyNot } from '../model/abilities.ts';
import { filteredList } from '../model/filtered-list.ts';
import { type ActionId, CHANGING, footerKeys, keyName, OF_THE_OWNER } from '../model/keys.ts';
import { notTaken } from '../model/owner/queue-words.ts';
import { hasEnded } from '../model/owner/state-words.ts';
import { toLeave } from '../model/pages.ts';
import { shownRules } from '../model/rules.ts';
import { shownView, type UiState } from '../model/state.ts';
import { fitPieces, type Piece } from '../text/pieces.ts';

export interface FooterKey {
  key: string;
  label: string;
}

const FOOTER_GAP = 2;

/** Help and quit, the way out of what is open, and the palette, which has the keys without room. */
const STAYING: readonly ActionId[] = ['quit', 'help', 'palette', 'back'];

/** As many keys as fit. */
export function footerFor(state: UiState): FooterKey[] {
  const where = topLayer(state).footer(state);
  const bindings = footerKeys(state.keys, where).filter(({ id }) => !isIdle(state, id));
  const pieces = bindings.map(({ id, keys, label: name, footer }): Piece & FooterKey => {
    const key = keyName(keys[0]!);
    const resumes = id === 'freeze' && state.frozen !== null;
    const label = resumes ? 'resume' : name;
    const priority = resumes || STAYING.includes(id) ? 0 : footer!;
    return { key, label, text: `${key} ${label}`, style: 'plain', priority };
  });
  return fitPieces(pieces, state.columns - 2, FOOTER_GAP).map(({ key, label }) => ({ key, label }));
}

/** Whether the key could do nothing here except say so. */
function isIdle(state: UiState, id: ActionId): boolean {
  if (state.hello.readOnly && CHANGING.includes(id)) return true;
  const owner = shownView(state)?.snapshot.owner;
  if (OF_THE_OWNER.includes(id)) return !owner || hasEnded(owner) || (id === 'take' && !notTaken(owner).length);
  if (cannotBe(id, state)) return true;
  if (id === 'filter') return filteredList(state) === null;
  if (id === 'back') return toLeave(state) === null;
  return OF_A_RULE.includes(id) && shownRules(state).length === 0;
}

/** What the source of the faults cannot do; and no answers while another process's queues are only watched. */
function cannotBe(id: ActionId, state: UiState): boolean {
  if (whyNot(state, id) !== null) return true;
  return ANSWERING.includes(id) && shownView(state)?.snapshot.owner?.taken === false;
}

const ANSWERING: readonly ActionId[] = ['success', 'invalid', 'mark', 'open'];

const OF_A_RULE: readonly ActionId[] = ['toggleRule', 'ruleUp', 'ruleDown', 'editRule', 'deleteRule'];
