// The group that answers are for: only one that a frame on the terminal shows as selected.
import '../fixtures/fast-react.ts';
import { expect, it } from 'vitest';
import { Painter } from '../../../src/ui/app/painter.tsx';
import { makeTheme } from '../../../src/ui/text/theme.ts';
import { Session } from '../fixtures/session.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A terminal that has a frame only once `arrive` is called. */
function slowTerminal(session: Session) {
  let arrive = () => {};
  const sink = {
    write: (_text: string, done: (error: null) => void) => {
      arrive = () => done(null);
    },
  };
  const fail = (error: unknown) => {
    throw error;
  };
  const state = session.state;
  const painter = new Painter({ theme: makeTheme({}), sink, state, onGone: fail, onBug: fail, onBroken: fail });
  const paint = async () => {
    painter.paint(session.state);
    await turn();
  };
  return { painter, paint, arrive: () => arrive() };
}

it('is none where no panel shows it, nor until the frame with the panel has arrived', async () => {
  const session = new Session(100, 40);
  session.engine.fault(1);
  session.view().press('5').view();
  const { painter, paint, arrive } = slowTerminal(session);
  await paint();
  arrive();
  expect(session.state.pending.group).not.toBeNull();
  expect(painter.highlighted).toBeNull();
  session.press('3');
  await paint();
  expect(painter.highlighted).toBeNull();
  arrive();
  expect(painter.highlighted).toBe(session.state.pending.group);
  painter.close();
});
