// The last resort: an exception that nobody caught, in the front end. One sentence on a usable terminal, the details in a
// file for a bug report; never a stack trace over the screen.

import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ownHomeDirectory } from './files/home.ts';
import { Exit } from './protocol/exit.ts';
import { leaveScreen } from './terminal/guard.ts';
import { neutral } from './text/neutral.ts';
import { joinLines, stderrLine } from './text/one-line.ts';
import { VERSION } from './version.ts';

/** $XDG_STATE_HOME/iopftop, in ~/.local/state where that is not set or not absolute; null: there is no home of ours. */
export function stateDirectory(env: NodeJS.ProcessEnv): string | null {
  const { XDG_STATE_HOME: base } = env;
  if (base && isAbsolute(base)) return join(base, 'iopftop');
  const home = ownHomeDirectory(env);
  return home === null ? null : join(home, '.local', 'state', 'iopftop');
}

/** Writes the report to a new file of ours alone (mode 0600). Returns its path; null where that cannot be. */
export function writeReport(bug: unknown, directory: string, now: Date): string | null {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const path = join(directory, `crash-${now.toISOString().replace(/[:.]/g, '-')}-${process.pid}.txt`);
  const stack = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
  const about = `iopftop ${VERSION}, Node ${process.version}, ${process.platform} ${process.arch}, ${now.toISOString()}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const fd = openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
    writeSync(fd, neutral(`${about}\n${stack}\n`));
    closeSync(fd);
    return path;
  } catch {
    return null;
  }
}

/**
 * Writes the report, and returns what to say about the bug on one line. `outstanding`: what became of outstanding groups,
 * in words.
 */
export function bugLine(bug: unknown, outstanding: string): string {
  return `crashed: ${wordsOf(bug)}. ${outstanding}; ${report(bug)}`;
}

/** The same for a bug that only kept a part of the screen from being drawn. */
export function brokenLine(bug: unknown): string {
  return `a part of the screen could not be drawn, which is a bug in iopftop: ${wordsOf(bug)}; ${report(bug)}`;
}

const wordsOf = (bug: unknown): string => joinLines(bug instanceof Error ? bug.message : String(bug));

/** Writes the report, and says where. */
function report(bug: unknown): string {
  const now = new Date();
  // The second: after dropping root, root's directory cannot be written.
  const directory = stateDirectory(process.env);
  const path = (directory && writeReport(bug, directory, now)) ?? writeReport(bug, tmpdir(), now);
  return path === null ? 'no report could be written' : `see ${path}, and please report it`;
}

/** Ends the process. The engine ends with it, and the kernel answers what is outstanding INVALID. */
export function crash(bug: unknown): never {
  leaveScreen();
  const line = bugLine(bug, 'The kernel answers INVALID to what was outstanding');
  try {
    writeSync(2, stderrLine(line));
  } catch {
    // Nobody is there to read it.
  }
  process.exit(Exit.ERROR);
}

/** Once, before anything else runs. */
export function catchBugs(): void {
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
