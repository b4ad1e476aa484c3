// What the program under test says beside its terminal, over a socket: the terminal may be the very thing that is stuck.
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VARIABLE = 'IOPFTOP_TEST_REPORTS';

/** In the program: a function that reports a line; it does nothing where nobody listens. */
export function reporter(env: NodeJS.ProcessEnv): (line: string) => void {
  const path = env[VARIABLE];
  if (!path) return () => {};
  const socket = createConnection(path).unref();
  return (line) => void socket.write(`${line}\n`);
}

/** In the test: the lines of it. */
export class Reports {
  readonly env: Record<string, string>;
  readonly lines: string[] = [];
  /** Resolves when the program is no more: its end of the socket is closed. */
  readonly ended: Promise<void>;
  private readonly folder = mkdtempSync(join(tmpdir(), 'iopftop-reports-'));
  private readonly server: Server;
  private waiters: (() => boolean)[] = [];

  constructor() {
    const path = join(this.folder, 'socket');
    this.env = { [VARIABLE]: path };
    let end = () => {};
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.server = createServer((socket) => {
      socket.on('close', () => end());
      let rest = '';
      socket.on('error', () => {});
      socket.on('data', (piece) => {
        const parts = (rest + piece.toString()).split('\n');
        rest = parts.pop() ?? '';
        this.lines.push(...parts);
        this.waiters = this.waiters.filter((done) => !done());
      });
    }).listen(path);
  }

  /** Resolves when `condition` holds of the lines. */
  until(condition: (lines: readonly string[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        if (!condition(this.lines)) return false;
        resolve();
        return true;
      };
      if (!done()) this.waiters.push(done);
    });
  }

  close(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
