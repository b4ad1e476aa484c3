// Read-only and dry run: what the screen says of them.

import { describe, expect, it } from 'vitest';
import { footerFor } from '../../src/ui/app/footer-keys.ts';
import { titlePieces } from '../../src/ui/model/header.ts';
import { pendingLines } from '../../src/ui/panels/pending/index.tsx';
import { Session } from './fixtures/session.ts';

type Modes = { readOnly?: boolean; dryRun?: boolean };

function session(modes: Modes): Session {
  const made = new Session(120, 40);
  made.state = { ...made.state, hello: { ...made.state.hello, ...modes } };
  for (let i = 0; i < 4; i++) made.engine.fault(1);
  made.engine.rules = [{ name: 'late', then: 'success', afterMs: 2000, enabled: true, hits: 3 }];
  made.engine.known.set(1, { rule: { name: 'late', then: 'success', dueNs: 1.2e9 } });
  made.engine.known.set(2, { rule: { name: 'late', then: 'invalid', dueNs: -1 } });
  made.engine.known.set(3, { rule: { name: 'keep', then: 'hold', dueNs: 0 } });
  return made.view().press('3').view();
}
const title = (s: Session) => titlePieces(s.state).map((piece) => piece.text);
const states = (s: Session) => pendingLines(s.state, 10).map((line) => line.cells.state);
const footer = (s: Session) => footerFor(s.state);

describe('read-only', () => {
  it('stands in the title, and the footer has no key that would be refused', () => {
    const s = session({ readOnly: true });
    expect(title(s)).toContain('READ-ONLY');
    expect(title(s)).not.toContain('DRY RUN');
    const labels = (of: Session) => footer(of).map((key) => key.label);
    const refused = ['success', 'invalid', 'map', 'replace', 'trigger'];
    expect(labels(session({}))).toEqual(expect.arrayContaining(refused));
    expect(labels(s).filter((label) => refused.includes(label))).toEqual([]);
    expect(labels(s)).toContain('mark');
  });

  it('is refused by the engine, not by the key: the command goes out, the cursor stays', () => {
    const s = session({ readOnly: true }).press('s');
    expect(s.engine.commands).toMatchObject([{ cmd: 'respond', group: 1 }]);
    expect(s.state.pending.group).toBe(1);
  });

  it('offers one way to quit', () => {
    const s = session({ readOnly: true }).press('q');
    expect(s.state.dialog?.choices.map((choice) => choice.label)).toEqual([
      'Cancel',
      'Quit, leave them to the kernel (INVALID)',
    ]);
  });
});

describe('rules ahead', () => {
  it('are told in the row, with the time that is left', () => {
    expect(states(session({}))).toEqual([
      'P success in 1.2 s (late)',
      'P invalid (late)',
      'P hold (keep)',
      'P pending',
    ]);
  });

  it('are told as what they would do in a dry run', () => {
    const s = session({ dryRun: true });
    expect(title(s)).toContain('DRY RUN');
    expect(states(s)).toEqual([
      'would: success in 1.2 s (late)',
      'would: invalid (late)',
      'would: hold (keep)',
      'P pending',
    ]);
  });
});
