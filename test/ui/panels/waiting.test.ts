import { describe, expect, it } from 'vitest';
import { onView } from '../../../src/ui/actions/on-view.ts';
import { KEYS } from '../../../src/ui/model/keys.ts';
import type { UiState } from '../../../src/ui/model/state.ts';
import { waitingWords } from '../../../src/ui/panels/waiting.ts';
import { screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

const quiet = (): UiState => new Session(80, 24).view(40).state;
const readOnly = (state: UiState): UiState => ({ ...state, hello: { ...state.hello, readOnly: true } });

describe('why nothing comes', () => {
  it('is told of the selected device, by the time since its newest fault', () => {
    const state = quiet();
    expect(waitingWords(state)).toEqual(['No fault has arrived from mock0 in 40s; press t to trigger one.']);
    const second = { ...state, devices: { key: '2', top: 0 } };
    const view = second.view!;
    view.snapshot.devices[1]!.quietNs = 7.5e9;
    expect(waitingWords(second)).toEqual(['No fault has arrived from mock1 in 7s; press t to trigger one.']);
  });

  it('goes by the key table, and offers no trigger where there is none', () => {
    const state = quiet();
    const keys = KEYS.map((binding) => (binding.id === 'trigger' ? { ...binding, keys: ['F5'] } : binding));
    expect(waitingWords({ ...state, keys })[0]).toContain('press F5 to trigger one.');
    const taken = KEYS.map((binding) => (binding.id === 'trigger' ? { ...binding, keys: [] } : binding));
    expect(waitingWords({ ...state, keys: taken })[0]).toContain('press : trigger to');
    const words = 'No fault has arrived from mock0 in 40s: it faults when it touches a page that is not mapped.';
    expect(waitingWords(readOnly(state))).toEqual([words]);
    const abilities = { ...state.hello.abilities, trigger: false };
    expect(waitingWords({ ...state, hello: { ...state.hello, abilities } })).toEqual([words]);
  });

  it('is not cut at 80×24', async () => {
    const made = new Session(80, 24);
    made.state = readOnly(made.state);
    const text = (await screenOf(made.view(40))).join('\n');
    expect(text).toContain('that is not mapped.');
    expect(text).not.toContain('…');
  });
});

describe('devices that a filter leaves out', () => {
  it('are no rows, keep their names elsewhere, and are spoken of when none is left', async () => {
    const made = new Session(100, 30);
    made.engine.fault(2);
    made.view().press('2');
    const view = made.engine.view();
    const report = { asked: 'x', text: 'rate > 9', error: null, at: null, matched: 0, scanned: 2, total: 2 };
    made.state = onView(made.state, { ...view, devices: [], filters: { devices: report } }, made.now);
    const text = (await screenOf(made)).join('\n');
    expect(text).toContain('No device of 2 matches the filter rate > 9');
    expect(text).toContain('Press / to change it. Esc: back to all devices.');
    expect(text).toContain('0 of 2 devices');
    expect((await screenOf(made.press('4'))).join('\n')).toMatch(/P .* mock1 /);
  });
});
