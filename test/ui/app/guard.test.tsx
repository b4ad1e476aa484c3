// A part of the screen that cannot be drawn: it says so in its place, the rest lives, and nothing is done to what it does not show.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WholeScreen } from '../../../src/ui/app/app.tsx';
import { farewell } from '../../../src/ui/app/ending.ts';
import { useScreen } from '../../../src/ui/hooks/use-screen.ts';
import type { Dialog } from '../../../src/ui/model/dialogs/dialog.ts';
import { placed } from '../../../src/ui/model/layout.ts';
import { layoutOf } from '../../../src/ui/model/layout-of.ts';
import type { UiState } from '../../../src/ui/model/state.ts';
import type { PanelProps } from '../../../src/ui/panels/panel.tsx';
import { PANELS } from '../../../src/ui/panels/panels.ts';
import { partOf } from '../fixtures/panel.tsx';
import { Session } from '../fixtures/session.ts';

const { pending: Real } = PANELS;
let fails = false;
/** As a selector of its rows would. */
const rows = ({ view }: UiState): number => {
  if (fails) throw new Error('no\nrows');
  return view?.snapshot.t ?? 0;
};

function Fragile(props: PanelProps) {
  useScreen(rows);
  return <Real {...props} />;
}

beforeEach(() => {
  fails = false;
  PANELS.pending = Fragile;
  // React tells the console of each failure, as long as it is not built for production
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  PANELS.pending = Real;
  vi.restoreAllMocks();
});

/** The whole screen, with what it says of its parts where keys hear of it. */
function shown(columns = 100, height = 40) {
  const session = new Session(columns, height);
  for (let i = 1; i <= 4; i++) session.engine.fault(1 + (i % 2));
  session.view();
  // No hint over the panels
  session.state = { ...session.state, status: null };
  const errors: unknown[] = [];
  const part = partOf(session, <WholeScreen />, { onBroken: (error) => errors.push(error) });
  const update = () => {
    part.update();
    session.broken.clear();
    for (const one of part.broken) session.broken.add(one);
  };
  return { session, part, errors, update };
}

const SAYS = 'The panel "Pending groups" cannot be drawn: no rows. This is a bug in iopftop.';

describe.each([
  [80, 24],
  [100, 40],
  [200, 60],
])('a panel that throws, at %dx%d', (columns, height) => {
  it('says so in its place, and the rest stays and is updated', () => {
    const { session, part, errors, update } = shown(columns, height);
    const before = part.lines();
    const { box } = placed(layoutOf(session.state), 'pending')!;
    fails = true;
    session.engine.fault(1);
    session.view();
    update();
    const lines = part.lines();
    const inside = lines.slice(box.top, box.top + box.height).map((line) => line.slice(0, box.width).trim());
    expect(inside.join(' ').trim()).toBe(SAYS);
    expect(errors).toEqual([new Error('no\nrows')]);
    expect(lines.slice(3, box.top).map((line) => line[0])).toEqual(before.slice(3, box.top).map((line) => line[0]));
    expect(lines[1]).toContain('pending 5');
    expect(lines.at(-1)).toContain('q quit');
    expect(part.layers.top?.name).toBe('page');
  });

  it('is there again with the next view that it can show', () => {
    const { session, part, update, errors } = shown(columns, height);
    fails = true;
    session.view();
    update();
    session.view();
    update();
    expect(part.text()).toContain('cannot be drawn');
    fails = false;
    session.view();
    update();
    expect(part.text()).not.toContain('cannot be drawn');
    expect(part.text()).toMatch(/▶ +\d/);
    expect([...part.broken]).toEqual([]);
    // The same failure is reported once
    expect(errors).toHaveLength(1);
  });
});

describe('while a panel cannot be drawn', () => {
  function broken() {
    const all = shown();
    fails = true;
    all.session.view();
    all.update();
    return all;
  }

  it.each(['s', 'i', 'm'])('%s does nothing in it, and says why', (key) => {
    const { session, part, update } = broken();
    expect([...part.broken]).toEqual(['pending']);
    session.press(key);
    update();
    expect(session.engine.commands).toEqual([]);
    expect(session.state.status).toMatchObject({
      kind: 'error',
      text: expect.stringMatching(/^Not done: the panel "Pending groups" cannot be drawn/),
    });
    expect(part.text()).toContain('Not done: the panel "Pending groups" cannot be drawn');
  });

  it('the palette does nothing in it either', () => {
    const { session } = broken();
    session.press(':');
    expect(session.state.palette).not.toBeNull();
    session.press('s u c c e s s enter');
    expect(session.state.palette).toBeNull();
    expect(session.engine.commands).toEqual([]);
    expect(session.state.status?.text).toMatch(/^Not done: the panel "Pending groups" cannot be drawn/);
  });

  it('another panel takes keys as ever', () => {
    const { session, part, update } = broken();
    session.press('tab');
    for (let i = 0; i < 4 && session.state.focus !== 'devices'; i++) session.press('tab');
    expect(session.state.focus).toBe('devices');
    session.press('s').view();
    update();
    expect(session.state.dialog?.title).toContain('Answer SUCCESS');
    expect(part.text()).toContain('▶ Cancel');
  });

  it('it can be quit', () => {
    const { session, part, update } = broken();
    session.press('q').view();
    update();
    expect(part.text()).toMatch(/╭─ Quit/);
    expect(part.layers.top?.name).toBe('dialog');
    session.press('down enter');
    expect(session.effects).toEqual([expect.objectContaining({ do: 'quit' })]);
  });
});

describe('a dialog that throws', () => {
  /** With what it does chosen, and a title that cannot be read. */
  const untold = (dialog: Dialog): Dialog => ({
    ...dialog,
    at: 1,
    get title(): string {
      throw new Error('no title');
    },
  });

  function opened() {
    const all = shown();
    const { session } = all;
    session.press('q').view();
    const dialog = untold(session.state.dialog!);
    session.state = { ...session.state, dialog };
    all.update();
    return all;
  }

  it('says so over the panels, and cannot be confirmed', () => {
    const { session, part, update, errors } = opened();
    expect(part.text()).toContain('The dialog cannot be drawn: no title. This is a bug in iopftop.');
    expect(errors).toEqual([new Error('no title')]);
    expect([...part.broken]).toEqual(['dialog']);
    session.press('enter');
    update();
    expect(session.effects).toEqual([]);
    expect(session.state.leaving).toBe(false);
    expect(session.state.status?.text).toMatch(/^Not done: the dialog cannot be drawn/);
  });

  it('is left by Ctrl-C, as one that can be seen', () => {
    const { session, update } = opened();
    session.press('ctrl-c');
    update();
    expect(session.effects).toEqual([expect.objectContaining({ do: 'quit', onExit: 'hold' })]);
  });

  it('can be closed', () => {
    const { session, part, update } = opened();
    session.press('esc');
    update();
    expect(session.state.dialog).toBeNull();
    expect(part.text()).not.toContain('cannot be drawn');
    expect([...part.broken]).toEqual([]);
    expect(part.layers.top?.name).toBe('page');
  });
});

describe('the last line', () => {
  beforeEach(() => {
    vi.stubEnv('XDG_STATE_HOME', '/dev/null/no');
    vi.stubEnv('TMPDIR', '/dev/null/no');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('says that a part could not be drawn; the exit code is that of the session', () => {
    const broken = new Error('no\nrows');
    expect(farewell({ signal: null, crash: null, summary: null, broken })).toEqual({
      line: 'a part of the screen could not be drawn, which is a bug in iopftop: no rows; no report could be written',
      code: 0,
    });
    expect(farewell({ signal: 'SIGINT', crash: null, summary: null, broken }).code).toBe(130);
  });
});
