// A program in a real pseudo-terminal, and what stands on its screen. Waiting is for a condition, looked at after each
// piece of output; never for time.
import { readdirSync, readFileSync } from 'node:fs';
import pty from '@homebridge/node-pty-prebuilt-multiarch';
import xterm from '@xterm/headless';
import { onTestFailed, onTestFinished } from 'vitest';

export interface Options {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

interface Waiter {
  condition: (screen: string) => boolean;
  resolve: () => void;
}

const BASE_ENV = {
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '/',
  // whoever runs the tests may have a configuration of their own
  XDG_CONFIG_HOME: '/nonexistent',
};

/** Longer than what comes together (terminal/pace.ts): the time of a typist, which the program measures. */
const APART_MS = 80;
/** The same key again, which is no key that is held down. */
const AGAIN_MS = 200;
/** After more than so many characters together nothing acts for a second (terminal/pace.ts). */
const FEW = 3;
const REST_MS = 1_100;

/**
 * Runs `command` under sh, which prints the terminal's state (stty) and the exit code when it has ended. Closed at the end
 * of the test that made it.
 */
function parentOf(pid: string): number {
  try {
    return Number(/^\d+ \(.*\) \w (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

export class TestTerminal {
  readonly xterm: InstanceType<typeof xterm.Terminal>;
  private readonly pty: pty.IPty;
  private readonly waiters = new Set<Waiter>();
  /** All output so far. */
  raw = '';
  private next = 0;
  private lastKeys = '';
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(command: string, { columns = 80, rows = 24, env = {} }: Options = {}) {
    this.xterm = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const script = `${command}; code=$?; stty -a | tr ';' ' '; echo EXIT=$code; read -r _`;
    this.pty = pty.spawn('/bin/sh', ['-c', script], {
      cols: columns,
      rows,
      env: { ...BASE_ENV, ...env },
      name: 'xterm',
    });
    onTestFailed(() => void process.stderr.write(`the terminal of the test that failed:\n${this.text()}\n`));
    onTestFinished(() => this.close());
    this.pty.onData((data) => {
      this.raw += data;
      this.xterm.write(data, () => this.look());
    });
  }

  /** The lines on the screen, without trailing blanks. */
  lines(): string[] {
    const { active } = this.xterm.buffer;
    return Array.from(
      { length: this.xterm.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Resolves when the screen fulfils the condition; the test's own limit ends a wait in vain. */
  until(condition: RegExp | string | ((screen: string) => boolean)): Promise<string> {
    const test = (screen: string) => {
      if (typeof condition === 'function') return condition(screen);
      return typeof condition === 'string' ? screen.includes(condition) : condition.test(screen);
    };
    return new Promise((resolve) => {
      this.waiters.add({ condition: test, resolve: () => resolve(this.text()) });
      this.look();
    });
  }

  /** What is sent at once; after the one before it as a person does it, who does not type two keys together. */
  press(keys: string): void {
    const now = performance.now();
    this.next = Math.max(this.next, now) + (keys === this.lastKeys ? AGAIN_MS : APART_MS);
    this.lastKeys = keys;
    const timer = setTimeout(() => this.pty.write(keys), this.next - now);
    this.timers.push(timer);
  }

  /**
   * The characters one by one. On a machine with much to do they may be read together all the same; then a key acts only after a
   * rest, which comes here before the next one.
   */
  type(text: string): void {
    for (const character of text) this.press(character);
    if (text.length > FEW) this.next += REST_MS;
  }

  /** Reads no more of the output: once the buffers between are full, the terminal takes nothing. */
  pause(): void {
    this.pty.pause();
  }

  resume(): void {
    this.pty.resume();
  }

  resize(columns: number, rows: number): void {
    this.xterm.resize(columns, rows);
    this.pty.resize(columns, rows);
  }

  /** Sends a signal to the program itself. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid(), signal);
  }

  /** The program: the newest child of the shell. */
  pid(): number {
    // not every kernel has /proc/PID/task/TID/children
    const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === this.pty.pid);
    return Math.max(...children.map(Number));
  }

  get alternate(): boolean {
    return this.xterm.buffer.active.type === 'alternate';
  }

  /** The exit code, once the program has ended and the shell has said so on the restored screen. */
  async exitCode(): Promise<number> {
    const screen = await this.until((text) => !this.alternate && /EXIT=\d+/.test(text));
    return Number(/EXIT=(\d+)/.exec(screen)?.[1]);
  }

  /** Alternate screen left, cursor shown, line mode with echo. */
  restored(): boolean {
    const state = this.text().replace(/\s+/g, ' ');
    return (
      !this.alternate && lastOf(this.raw, '\x1b[?25h', '\x1b[?25l') && / icanon/.test(state) && / echo /.test(state)
    );
  }

  /** The line drops: nobody holds the other end of the terminal any more. */
  vanish(): void {
    (this.pty as unknown as { destroy(): void }).destroy();
  }

  killShell(): void {
    process.kill(this.pty.pid, 'SIGKILL');
  }

  private close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.pty.kill('SIGKILL');
  }

  private look(): void {
    const screen = this.text();
    for (const waiter of [...this.waiters]) {
      if (!waiter.condition(screen)) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

/** Whether the last of the two in `text` is the first named. */
const lastOf = (text: string, one: string, other: string): boolean => text.lastIndexOf(one) > text.lastIndexOf(other);
