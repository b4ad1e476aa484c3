// The program that owns fault queues (owner.c), built and told what to do.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { headers } from '../uapi/judge.ts';
import { Lines } from './lines.ts';

export type Said = Record<string, number | boolean>;

export class Owner {
  readonly child: ChildProcess;
  readonly #lines: Lines;
  #heard = 0;

  constructor(program: string, commands: readonly string[]) {
    this.child = spawn(program, [...commands], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    this.#lines = new Lines(this.child.stdout as NodeJS.ReadableStream);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** What it says next. */
  async says(): Promise<Said> {
    const line = await this.#lines.at(this.#heard++);
    return JSON.parse(line) as Said;
  }

  /** Tells it a command; what it says to that. It must have been listened to so far. */
  tell(command: string): Promise<Said> {
    this.child.stdin?.write(`${command}\n`);
    return this.says();
  }

  /** Letters of /proc/PID/stat, of each thread. */
  states(): string[] {
    return readdirSync(`/proc/${this.pid}/task`).map((tid) => {
      const stat = readFileSync(`/proc/${this.pid}/task/${tid}/stat`, 'latin1');
      return stat.slice(stat.lastIndexOf(')') + 2)[0] as string;
    });
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it and its children; resolves when it is gone. */
  end(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) resolve();
      else this.child.once('exit', () => resolve());
    });
    try {
      // It leads a process group of its own.
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
    return gone;
  }
}

/**
 * For the tests of a file: builds the program once, and ends what each has started: one that spins would slow the others.
 * `name`: of the program's file, and so of its processes.
 */
export function owners(name = 'owner'): { start: (...commands: string[]) => Promise<Owner> } {
  let directory: string;
  const started: Owner[] = [];
  beforeAll(() => {
    const found = headers();
    if ('missing' in found) throw new Error(found.missing);
    directory = mkdtempSync(join(tmpdir(), 'iopftop-owner-'));
    const source = fileURLToPath(new URL('owner.c', import.meta.url));
    const flags = ['-Wall', '-Wextra', '-Werror', '-O2', '-pthread'];
    const include = ['-I', join(found.include, 'include'), '-I', found.include];
    execFileSync('gcc', [...flags, ...include, '-o', join(directory, name), source]);
  });
  afterEach(async () => {
    for (const owner of started.splice(0)) await owner.end();
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    /** Resolves when it has said something to each command. */
    async start(...commands) {
      const owner = new Owner(join(directory, name), commands);
      started.push(owner);
      for (const _ of commands) await owner.says();
      return owner;
    },
  };
}
