// A program while it runs: its lines are waited for.
import { type ChildProcess, spawn } from 'node:child_process';
import { BIN, type Line } from '../helpers/bin.ts';
import { Lines } from './lines.ts';

/** iopftop, as others start it. */
export const IOPFTOP = [process.execPath, BIN] as const;

export class Program {
  readonly child: ChildProcess;
  readonly stdout: Lines;
  readonly stderr: Lines;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;

  constructor(path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(path, [...args], {
      env: { ...process.env, XDG_CONFIG_HOME: '/nonexistent', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdin?.on('error', () => {});
    this.stderr = new Lines(this.child.stderr as NodeJS.ReadableStream);
    this.stdout = new Lines(this.child.stdout as NodeJS.ReadableStream, this.stderr);
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal)));
  }

  say(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Ends what it is told by. */
  hush(): void {
    this.child.stdin?.end();
  }

  /** The first line of NDJSON that matches. */
  async message(matches: (message: Line) => boolean): Promise<Line> {
    return JSON.parse(await this.stdout.find((line) => line.startsWith('{') && matches(JSON.parse(line))));
  }

  notice(what: string): Promise<Line> {
    return this.message((message) => message.type === 'notice' && message.what === what);
  }

  summary(): Promise<Line> {
    return this.message((message) => message.type === 'summary');
  }

  /** All messages so far of a type. */
  all(type: string): Line[] {
    return this.stdout.all
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .filter((m) => m.type === type);
  }
}
