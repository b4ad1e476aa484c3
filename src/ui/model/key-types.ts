// What a key can be bound to, and where.
import type { Page, Panel } from './layout.ts';

export type ActionId =
  | Page
  | 'next'
  | 'previous'
  | 'nextPanel'
  | 'previousPanel'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'success'
  | 'invalid'
  | 'map'
  | 'replace'
  | 'attach'
  | 'detach'
  | 'trigger'
  | 'mark'
  | 'markRange'
  | 'markAll'
  | 'unmark'
  | 'toggleRule'
  | 'ruleUp'
  | 'ruleDown'
  | 'newRule'
  | 'editRule'
  | 'deleteRule'
  | 'take'
  | 'rescue'
  | 'stopOwner'
  | 'freeze'
  | 'open'
  | 'alarm'
  | 'back'
  | 'time'
  | 'filter'
  | 'unfilter'
  | 'namedFilter'
  | 'palette'
  | 'copy'
  | 'copyChoice'
  | 'mouse'
  | 'redraw'
  | 'suspend'
  | 'help'
  | 'quit'
  | 'cancel'
  | 'confirm'
  | 'close';

export type Where = Panel | 'everywhere' | 'dialog' | 'help';

export interface KeyBinding {
  id: ActionId;
  /** Names as the KeyDecoder gives them; the first is the one that is shown. */
  keys: readonly string[];
  /** A word or two for the footer. */
  label: string;
  /** A sentence for the help screen and the README. */
  help: string;
  where: readonly Where[];
  /** Order in the footer, lowest first; without one it is in the help only. */
  footer?: number;
}
