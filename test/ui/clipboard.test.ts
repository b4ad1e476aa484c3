import { describe, expect, it } from 'vitest';
import { copySequence } from '../../src/terminal/clipboard.ts';

const START = '\x1b]52;c;';
/** What a terminal takes for the text; screen joins the strings that it is handed. */
const decoded = (sequence: string): string => {
  const plain = sequence
    .split('\x1b\\')
    .map((piece) => piece.replace('\x1bP', ''))
    .join('');
  expect(plain.startsWith(START) && plain.endsWith('\x07')).toBe(true);
  return Buffer.from(plain.slice(START.length, -1), 'base64').toString();
};
const sequence = (text: string, env: NodeJS.ProcessEnv): string => {
  const copy = copySequence(text, env);
  return 'sequence' in copy ? copy.sequence : '';
};

describe('the clipboard of the terminal', () => {
  it('is told by OSC 52, also in tmux, which takes that itself', () => {
    for (const env of [
      { TERM: 'xterm-256color' },
      { TERM: 'tmux-256color', TMUX: '/tmp/x,1,0' },
      { TERM: 'screen', TMUX: 'x' },
    ]) {
      expect(sequence('a\tµ', env)).toBe('\x1b]52;c;YQnCtQ==\x07');
      expect(decoded(sequence('a\tµ', env))).toBe('a\tµ');
    }
  });

  it('is told through GNU screen in pieces that it does not drop', () => {
    const text = 'x'.repeat(1000);
    const wrapped = sequence(text, { TERM: 'screen.xterm-256color', STY: '1.pts-0.host' });
    expect(decoded(wrapped)).toBe(text);
    const pieces = wrapped.split('\x1b\\').filter(Boolean);
    expect(pieces.length).toBeGreaterThan(10);
    for (const piece of pieces) {
      expect(piece.startsWith('\x1bP')).toBe(true);
      expect(piece.length).toBeLessThan(100);
    }
  });

  it('is told in both ways where tmux and screen are one in the other', () => {
    const env = { TERM: 'screen', STY: '1.pts-0.host', TMUX: '/tmp/x,1,0' };
    expect(sequence('a', env)).toBe('\x1b]52;c;YQ==\x07\x1bP\x1b]52;c;YQ==\x07\x1b\\');
  });

  it('is not told what is too long, or where there is none', () => {
    expect(copySequence('x'.repeat(60_000), { TERM: 'xterm' })).toEqual({
      problem: "60000 characters are too many for a terminal's clipboard",
    });
    expect(copySequence('x', { TERM: 'linux' })).toEqual({ problem: 'a terminal of type linux has no clipboard' });
  });
});
