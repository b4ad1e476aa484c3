// The real program in a real pseudo-terminal, its keys pressed as its screen shows what is waited for.
import pty from '@homebridge/node-pty-prebuilt-multiarch';
import xterm from '@xterm/headless';

/** A pattern that has not come by then does not come. */
const LIMIT_MS = 60_000;
const UPDATE = { begin: '\x1b[?2026h', end: '\x1b[?2026l' };

const screenText = (terminal) => {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: terminal.rows }, (_, row) =>
    active.getLine(active.baseY + row).translateToString(true),
  );
  return lines.join('\n');
};

/**
 * Plays a shot's steps; resolves with what `capture` makes of the terminal then, at the end of a whole frame, once
 * the program has ended. Rejects when a pattern does not come, or the program ends before.
 */
export function play({ columns, rows, command, steps, cwd }, capture) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  delete env.NO_COLOR;
  const program = pty.spawn(process.execPath, command, { cols: columns, rows, cwd, env });
  const left = [...steps];
  let output = '';
  let done = false;
  let captured;
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(limit);
      program.kill('SIGTERM');
      reject(new Error(`${why} before ${left[0]} came:\n${screenText(terminal)}`));
    };
    const limit = setTimeout(() => fail(`${LIMIT_MS / 1000} s passed`), LIMIT_MS);
    const look = () => {
      if (done || output.lastIndexOf(UPDATE.begin) > output.lastIndexOf(UPDATE.end)) return;
      while (left.length) {
        if (typeof left[0] === 'string') program.write(left[0]);
        else if (!left[0].test(screenText(terminal))) return;
        left.shift();
      }
      done = true;
      captured = capture(terminal);
      clearTimeout(limit);
      // by its exit plan, so that nothing of it, nor the lab, stays behind
      program.kill('SIGTERM');
    };
    program.onData((data) => {
      if (done) return;
      output = (output + data).slice(-65_536);
      terminal.write(data, look);
    });
    program.onExit(() => (done ? resolve(captured) : fail('the program ended')));
  });
}
