// The real program in a real pseudo-terminal: its keys are pressed when it has come to rest.
import pty from '@homebridge/node-pty-prebuilt-multiarch';
import xterm from '@xterm/headless';
import { settled } from './settled.mjs';

/** A pattern that has not appeared after this time never will. */
const LIMIT_MS = 60_000;
const UPDATE = { begin: '\x1b[?2026h', end: '\x1b[?2026l' };

/** @param {xterm.Terminal} terminal */
const screenText = (terminal) => {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: terminal.rows }, (_, row) =>
    active.getLine(active.baseY + row)?.translateToString(true),
  );
  return lines.join('\n');
};

/** What the screen depends on besides the seed and the keys. */
function environment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  // a configuration of one's own, the multiplexer that this runs in
  env.XDG_CONFIG_HOME = '/nonexistent';
  for (const name of ['NO_COLOR', 'COLORTERM', 'TMUX', 'STY', 'TERM_PROGRAM']) delete env[name];
  return env;
}

/** A picture that cannot be taken: the shot is wrong, or the program is. */
export class ShotError extends Error {}

/** @typedef {{columns: number, rows: number, command: string[], cwd: string}} Program */
/**
 * Keys to press, patterns to wait for, and what is done with the terminal in between.
 *
 * @typedef {(string | RegExp | ((terminal: xterm.Terminal) => void))[]} Steps
 */

class Player {
  /** @param {Program} program */
  constructor({ columns, rows, command, cwd }) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.program = pty.spawn(process.execPath, command, { cols: columns, rows, cwd, env: environment() });
    this.tail = '';
    this.bytes = 0;
    /** @type {Promise<{exitCode: number, signal?: number}>} */
    this.ended = new Promise((resolve) => this.program.onExit(resolve));
    /** @type {() => void} */
    this.onOutput = () => {};
    this.program.onData((data) => {
      this.bytes += data.length;
      this.tail = (this.tail + data).slice(-65_536);
      this.terminal.write(data, () => this.onOutput());
    });
  }

  /** The screen shows whole frames only. */
  get whole() {
    return this.tail.lastIndexOf(UPDATE.begin) <= this.tail.lastIndexOf(UPDATE.end);
  }

  /** @param {RegExp} pattern */
  shows(pattern) {
    return this.whole && pattern.test(screenText(this.terminal));
  }

  /** Resolves when a whole frame shows `pattern`. @param {RegExp} pattern @returns {Promise<void>} */
  until(pattern) {
    return new Promise((resolve, reject) => {
      /** @param {string} why */
      const fail = (why) => reject(this.missing(pattern, why));
      const limit = setTimeout(() => fail(`${LIMIT_MS / 1000} s passed`), LIMIT_MS);
      this.ended.then(({ exitCode, signal }) => fail(`the program ended (exit status ${exitCode}, signal ${signal})`));
      this.onOutput = () => {
        if (!this.shows(pattern)) return;
        clearTimeout(limit);
        resolve();
      };
      this.onOutput();
    });
  }

  /** @param {RegExp} pattern @param {string} why */
  missing(pattern, why) {
    return new ShotError(`${why} before ${pattern} came:\n${screenText(this.terminal)}`);
  }

  /** By its exit plan, so that nothing of it, nor the lab, stays behind. */
  end() {
    this.program.kill('SIGTERM');
    return this.ended;
  }
}

/**
 * In simulated time, which has stopped when the first pattern comes; from then on each key has all its effect.
 *
 * @param {Player} player @param {Steps} steps
 */
async function playStill(player, steps) {
  const [first, ...then] = steps;
  if (!(first instanceof RegExp)) throw new ShotError('the first step is not a pattern');
  const rest = () => settled(player.program.pid, () => player.bytes);
  await player.until(first);
  for (const step of then) {
    await rest();
    if (typeof step === 'string') player.program.write(step);
    else if (typeof step === 'function') step(player.terminal);
    else if (!player.shows(step)) throw player.missing(step, 'the program came to rest');
  }
  await rest();
}

/** @param {Player} player @param {Steps} steps */
async function playLive(player, steps) {
  for (const step of steps) {
    if (typeof step === 'string') player.program.write(step);
    else if (typeof step === 'function') step(player.terminal);
    else await player.until(step);
  }
}

/**
 * Plays a shot's steps; resolves with what `capture` makes of the terminal then, once the program has ended. Rejects
 * when a pattern does not come, or the program ends before. `live`: time goes on, so that it never comes to rest.
 *
 * @template T
 * @param {Program & {steps: Steps, live?: boolean}} shot
 * @param {(terminal: xterm.Terminal) => T} capture
 */
export async function play({ steps, live = false, ...program }, capture) {
  const player = new Player(program);
  try {
    await (live ? playLive(player, steps) : playStill(player, steps));
    return capture(player.terminal);
  } finally {
    await player.end();
  }
}
