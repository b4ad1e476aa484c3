// The real program as a child process.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = `${ROOT}bin/iopftop`;

/** Whoever runs the tests may have a configuration of their own. */
const ENV: NodeJS.ProcessEnv = { ...process.env, XDG_CONFIG_HOME: '/nonexistent' };

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** stdout as NDJSON. */
  lines: Line[];
}

// biome-ignore lint/suspicious/noExplicitAny: what a line holds is what the test is about
export type Line = any;

export interface RunOptions {
  /** Sent to stdin, which is then closed; without it stdin is /dev/null. */
  input?: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Called with each piece of stdout, and with the child, to send a signal or a command. */
  onStdout?: (text: string, child: ReturnType<typeof spawn>) => void;
}

/** Runs `command` to its end. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  const { input, env = ENV, cwd = ROOT, onStdout } = options;
  const piped = input !== undefined || onStdout !== undefined;
  const child = spawn(command, args, { cwd, env, stdio: [piped ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
    onStdout?.(stdout, child);
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin?.on('error', () => {});
  if (input !== undefined) child.stdin!.end(input);
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr, lines: parseLines(stdout) })),
  );
}

/** Lines that are JSON; what is none (tables, texts) is left out. */
export function parseLines(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    return [JSON.parse(line)];
  });
}

/** What bin/iopftop says where a source has changed while the tests run; the program itself has not begun then. */
const BUILDING = /^iopftop: (built in [\d.]+ s|waiting for the set-up that process \d+ runs …)\n/;

/** In a clone: what the program itself wrote. */
async function withoutBuilding(ran: Promise<Ran>): Promise<Ran> {
  const all = await ran;
  let { stderr } = all;
  while (BUILDING.test(stderr)) stderr = stderr.replace(BUILDING, '');
  return { ...all, stderr };
}

export const iopftop = (args: string[], options?: RunOptions): Promise<Ran> =>
  withoutBuilding(run(process.execPath, [BIN, ...args], options));

/** Through a shell: for redirections and pipes. $NODE and $BIN are set. */
export const shell = (script: string): Promise<Ran> =>
  withoutBuilding(run('/bin/bash', ['-c', script], { env: { ...ENV, NODE: process.execPath, BIN } }));
