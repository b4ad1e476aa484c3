import { describe, expect, it } from 'vitest';
import { firstHint } from '../../../src/ui/model/hint.ts';
import { KEYS } from '../../../src/ui/model/keys.ts';
import { hello } from '../fixtures/fake-engine.ts';
import { screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

const HINT = '↑↓ choose a group, s answers SUCCESS, r replaces the HWPT, ? help';

describe('the hint of the first minute', () => {
  it('is whole at 80×24 and gone after the first key', async () => {
    const made = new Session(80, 24).view();
    expect((await screenOf(made)).at(-2)).toContain(` ${HINT} `);
    expect((await screenOf(made.press('down'))).join('\n')).not.toContain('choose a group');
  });

  it('goes by itself, and is shorter where there is less room', async () => {
    expect((await screenOf(new Session(80, 24).view(16))).join('\n')).not.toContain('choose a group');
    const last = (await screenOf(new Session(60, 16).view())).at(-2)!;
    expect(last).toContain('choose a group');
    expect(last).toContain('? help');
    expect(last).not.toContain('…');
  });

  it('goes by the key table, and offers nothing that is refused', () => {
    const keys = KEYS.map((binding) => (binding.id === 'success' ? { ...binding, keys: ['Y'] } : binding));
    expect(firstHint(keys, hello, 80, 0).text).toContain('Y answers SUCCESS');
    const none = KEYS.map((binding) => (binding.id === 'replace' ? { ...binding, keys: [] } : binding));
    expect(firstHint(none, hello, 80, 0).text).toBe('↑↓ choose a group, s answers SUCCESS, ? help');
    const text = firstHint(KEYS, { ...hello, readOnly: true }, 80, 0).text;
    expect(text).toBe('↑↓ choose a group, 4 shows the fault stream, ? help');
  });
});
