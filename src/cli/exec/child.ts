// The command of `iopftop exec` as a process: in its own session, so that everything it starts can be ended with it, and
// keys of the terminal do not send it signals.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { Exit } from '../../protocol/exit.ts';

/** Between SIGTERM and SIGKILL. */
export const GRACE_MS = 5_000;
const LOOK_MS = 50;

export interface ChildRequest {
  readonly path: string;
  /** With the name it was called by. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Our descriptors: stdout and stderr, and those from 3 on. */
  readonly output: number;
  readonly fds: readonly number[];
  /** Numbers of the signals that it ignores from its start, as our parent process set them; only those with a name. */
  readonly ignored?: readonly number[];
}

/** POSIX has names only: a shell may exit at the number of a real-time signal. */
const NAMED: ReadonlySet<number> = new Set(Object.values(constants.signals));
/** Node resets every signal in a child (uv__process_child_init): a shell sets them, and is then replaced by the program. */
const IGNORING = (ignored: readonly number[]): string[] => ['-c', `trap '' ${ignored.join(' ')}; exec "$@"`, 'sh'];

export type ChildEnd = { readonly code: number } | { readonly failed: string };

export class Child {
  readonly #process: ChildProcess;
  readonly #graceMs: number;
  #end: ChildEnd | null = null;
  #ending = false;
  /** Resolves when it has ended, or could not be started. */
  readonly ended: Promise<ChildEnd>;

  constructor({ path, argv, env, output, fds, ignored = [] }: ChildRequest, graceMs = GRACE_MS) {
    this.#graceMs = graceMs;
    const [argv0 = path, ...args] = argv;
    const named = ignored.filter((number) => NAMED.has(number));
    const shell = named.length > 0;
    this.#process = spawn(shell ? '/bin/sh' : path, shell ? [...IGNORING(named), argv0, ...args] : args, {
      argv0: shell ? 'sh' : argv0,
      env,
      detached: true,
      stdio: ['ignore', output, output, ...fds],
    });
    this.ended = new Promise((resolve) => {
      const end = (how: ChildEnd): void => {
        this.#end ??= how;
        resolve(this.#end);
      };
      this.#process.on('error', (error: NodeJS.ErrnoException) => end({ failed: error.code ?? error.message }));
      this.#process.on('exit', (code, signal) => {
        end({ code: code ?? Exit.SIGNAL + (signal ? constants.signals[signal] : 0) });
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** How it ended; null: it runs. */
  get end(): ChildEnd | null {
    return this.#end;
  }

  /** To the command and everything in its session, in any process group. Returns whether any process is left. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    const { pid } = this.#process;
    if (pid === undefined) return false;
    const one = (target: number): boolean => {
      try {
        return process.kill(target, signal);
      } catch {
        return false;
      }
    };
    // The whole group in one step, so that none of it starts another process meanwhile.
    const group = one(-pid);
    return membersOf(pid).filter(one).length > 0 || group;
  }

  /** SIGTERM, and SIGKILL to what is left after the grace period. Resolves when no process is left. */
  async terminate(): Promise<void> {
    if (this.#ending) return void (await this.ended);
    this.#ending = true;
    const until = performance.now() + this.#graceMs;
    this.#signal('SIGTERM');
    // A stopped process gets it only when it is resumed.
    this.#signal('SIGCONT');
    let killed = false;
    while (this.#end === null || this.#signal(0)) {
      if (!killed && performance.now() >= until) killed = this.#signal('SIGKILL');
      await Promise.race([pause(LOOK_MS), ...(this.#end === null ? [this.ended] : [])]);
      // A process that SIGKILL has not ended yet is in the kernel: nothing more can be done.
      if (killed && this.#end !== null && performance.now() >= until + this.#graceMs) return;
    }
  }

  kill(): void {
    this.#signal('SIGKILL');
  }
}

/** Processes of a session that have not ended, by /proc/PID/stat (do_task_stat: state, ppid, pgrp, session). */
function membersOf(session: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, , , sid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(sid) === session && state !== 'Z' && state !== 'X' ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
