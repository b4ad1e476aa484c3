// Leaving while another process's queues are read here.
import { describe, expect, it } from 'vitest';
import type { Hello } from '../../../src/protocol/messages.ts';
import { dialogBox } from '../../../src/ui/overlays/dialog/lines.ts';
import { HANDED_HELLO, OWNER_HELLO, ownerSession } from '../fixtures/owner.ts';
import { screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

const words = ({ state }: Session): string =>
  dialogBox(state, state.dialog!)
    .lines.map((line) => line.text.trim())
    .join(' ');
const labels = ({ state }: Session): string[] => state.dialog!.choices.map(({ label }) => label);

function leaving(changed: Partial<Hello> = {}, owner: Parameters<typeof ownerSession>[2] = { taken: true }): Session {
  const s = ownerSession(100, 40, owner);
  s.state = { ...s.state, hello: { ...OWNER_HELLO, ...changed } };
  s.engine.fault(1);
  return s.view().press('q').view();
}

describe('leaving queues that are not ours', () => {
  it('does not offer to leave groups that nobody else can answer', () => {
    const s = leaving();
    expect(labels(s)).toEqual(['Cancel', 'Quit, answer INVALID', 'Quit, answer SUCCESS']);
    expect(words(s)).toContain('they are answered INVALID: nobody else can answer what was read here.');
    expect(words(s)).toContain('Unread groups stay in its queues for PID 1234.');
    expect(s.press('down enter').effects).toEqual([{ do: 'quit', session: 'local', onExit: 'invalid' }]);
  });

  it('keeps to the plan that was asked for', () => {
    const s = leaving({ onExit: 'success' });
    expect(labels(s)).toEqual(['Cancel', 'Quit, answer SUCCESS', 'Quit, answer INVALID']);
    expect(words(s)).toContain('--on-exit success) they are answered SUCCESS.');
  });

  it('holds for queues that were handed over, too', () => {
    const s = leaving(HANDED_HELLO);
    expect(labels(s)).not.toContain('Quit, leave them to the kernel (INVALID)');
  });

  it('lets a stopped owner go on, but for one that a rescue was to leave stopped', () => {
    const stopped = { taken: true, stopped: true, state: 'T' };
    expect(words(leaving({}, { ...stopped, goesOnAtEnd: true }))).toContain('PID 1234, which is stopped, is resumed.');
    expect(words(leaving({}, { ...stopped, goesOnAtEnd: false }))).toContain(
      'PID 1234, which is stopped, stays stopped.',
    );
  });

  it('asks nothing where nothing is outstanding', () => {
    expect(ownerSession().press('q').effects).toEqual([{ do: 'quit', session: 'local', onExit: 'hold' }]);
  });
});

describe('leaving a run with a command (iopftop exec)', () => {
  const exec = (): Session => {
    const s = new Session(100, 40).view();
    s.state = { ...s.state, hello: { ...s.state.hello, command: 'dpdk-app\x1b[2J' } };
    return s;
  };

  it('is asked about even where nothing is outstanding', () => {
    const s = exec().press('q').view();
    expect(words(s)).toContain(
      'dpdk-app<U+001B>[2J is ended first (SIGTERM, then SIGKILL): its devices are taken from it.',
    );
    expect(words(s)).toContain('Nothing is outstanding.');
    expect(s.state.dialog?.choices.map(({ label }) => label)).toEqual(['Cancel', 'Quit']);
    expect(s.press('enter').effects).toEqual([]);
    expect(s.press('q down enter').effects).toMatchObject([{ do: 'quit' }]);
  });

  it('is named in the header', async () => {
    expect((await screenOf(exec()))[0]).toContain('exec dpdk-app<U+001B>[2J');
  });
});
