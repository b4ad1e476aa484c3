// The program while it runs: its lines are waited for, it is told things and sent signals.
import { type ChildProcess, spawn } from 'node:child_process';
import { BIN, type Line, ROOT } from '../helpers/bin.ts';
import { Lines } from './lines.ts';

export class Running {
  readonly child: ChildProcess;
  readonly stdout: Lines;
  readonly stderr: Lines;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;

  constructor(args: readonly string[]) {
    const env = { ...process.env, XDG_CONFIG_HOME: '/nonexistent' };
    this.child = spawn(process.execPath, [BIN, ...args], { cwd: ROOT, env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.stderr = new Lines(this.child.stderr as NodeJS.ReadableStream);
    this.stdout = new Lines(this.child.stdout as NodeJS.ReadableStream, this.stderr);
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal)));
  }

  tell(command: object): void {
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** The first message that matches. */
  async message(matches: (message: Line) => boolean): Promise<Line> {
    return JSON.parse(await this.stdout.find((line) => line.startsWith('{') && matches(JSON.parse(line))));
  }

  notice(what: string): Promise<Line> {
    return this.message((message) => message.type === 'notice' && message.what === what);
  }
}
