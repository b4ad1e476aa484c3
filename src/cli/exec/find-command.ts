// The program that `iopftop exec` starts: found, and checked against everything execve(2) requires, before anything is
// bound or attached.
import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { Refusal } from '../../text/refusal.ts';
import { mayBeRegistered } from './binfmt.ts';
import { readElf } from './elf.ts';
import { HEAD_BYTES, programOfEnv, shebangOf } from './shebang.ts';

const ANYWHERE = '/usr/local/bin:/usr/bin:/bin';

/** The exit codes of shells and env(1) for a command that does not exist or lacks what it needs (ENOENT), and for any other. */
export const NOT_FOUND = 127;
export const NOT_EXECUTABLE = 126;

/** The command cannot be started. `code`: the exit code for it. */
export class CommandRefusal extends Refusal {
  readonly code: typeof NOT_FOUND | typeof NOT_EXECUTABLE;

  constructor(code: CommandRefusal['code'], message: string, hint: string) {
    super('usage', message, hint);
    this.code = code;
  }
}

interface Obstacle {
  readonly code: CommandRefusal['code'];
  /** What follows the name of the file. */
  readonly why: string;
  readonly hint: string;
}

/** Files that the kernel goes through, each the interpreter of the one before (exec_binprm: ELOOP beyond). */
const MOST_INTERPRETERS = 5;

/** "X is not there", "X cannot be started: its interpreter …". */
const sentence = (what: string, { why }: Obstacle): string =>
  why.startsWith('its ') ? `${what} cannot be started: ${why}` : `${what} ${why}`;

const quoted = (text: string): string => JSON.stringify(text);
const refused = (why: string, hint: string): Obstacle => ({ code: NOT_EXECUTABLE, why, hint });
const missing = (why: string, hint: string): Obstacle => ({ code: NOT_FOUND, why, hint });

const TOO_DEEP = refused(
  `has more than ${MOST_INTERPRETERS} interpreters, each a script run by the next`,
  'start the last of them instead',
);

/** The checks of access(2) and open_exec() in the kernel. null: no obstacle. */
function unfit(path: string): Obstacle | null {
  let status: Stats;
  try {
    status = statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return refused('is in a directory that this user may not enter', 'see `namei -l` of it');
    return missing(code === 'ELOOP' ? 'is a symbolic link loop' : 'is not there', 'give the path of a program');
  }
  if (status.isDirectory()) return refused('is a directory', 'give the path of a program');
  if (!status.isFile()) return refused('is not a regular file', 'give the path of a program');
  try {
    accessSync(path, constants.X_OK);
    return null;
  } catch {
    if ((status.mode & 0o111) === 0) return refused('is not executable', `chmod +x ${path}`);
    return refused(
      'may not be executed by this user, or its file system is mounted noexec',
      `see \`ls -l ${path}\` and \`findmnt -T ${path}\``,
    );
  }
}

function headOf(path: string): Buffer | null {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    // What can be executed need not be readable; then only the kernel can tell.
    return null;
  }
}

const CRLF = 'its lines end with CR LF';

function ofInterpreter(script: string, name: string, found: Obstacle): Obstacle {
  if (found === TOO_DEEP) return found;
  const crlf = name.endsWith('\r');
  const why = `${sentence(`its interpreter ${quoted(name)}`, found)}${crlf ? `: ${CRLF}` : ''}`;
  if (crlf) return { ...found, why, hint: `sed -i 's/\\r$//' ${script}` };
  const relative = !name.startsWith('/') && found.code === NOT_FOUND;
  if (relative) return { ...found, why, hint: `it is relative to ${process.cwd()}: give its absolute path` };
  if (found.code === NOT_EXECUTABLE || found.why.startsWith('its ')) return { ...found, why };
  return { ...found, why, hint: `install it, or change the first line of ${script}` };
}

/** What keeps a script from running: its interpreter, and that of the interpreter. */
function scriptObstacle(path: string, head: Buffer, searched: string, depth: number): Obstacle | null {
  const line = shebangOf(head);
  if (line === null) return null;
  const { interpreter, argument } = line;
  if (depth >= MOST_INTERPRETERS) return TOO_DEEP;
  const found = obstacleOf(interpreter, searched, depth + 1);
  if (found) return ofInterpreter(path, interpreter, found);
  const program = basename(interpreter) === 'env' ? programOfEnv(argument) : null;
  if (program === null) return null;
  const { candidate, obstacle } = search(program, searched);
  if (!obstacle) {
    const deeper = obstacleOf(candidate, searched, 0);
    return deeper && ofInterpreter(path, program, deeper);
  }
  const split = /[ \t]/.test(program) ? ': env takes it as one word; `env -S` splits it' : '';
  return ofInterpreter(path, program, { ...obstacle, why: `${obstacle.why}, for \`env\` in its first line${split}` });
}

function obstacleOf(path: string, searched: string, depth = 0): Obstacle | null {
  const found = unfit(path);
  if (found) return found;
  const head = headOf(path);
  if (head === null) return null;
  if (head.toString('latin1', 0, 4) === '\x7fELF') {
    const elf = readElf(path);
    if ('wrong' in elf) {
      return mayBeRegistered(path, head)
        ? null
        : refused(`cannot be executed: ${elf.wrong}`, 'give a program for this machine');
    }
    const { interpreter } = elf;
    const loader = interpreter === null ? null : unfit(interpreter);
    if (!loader) return null;
    const hint = 'install the C library that it was built for, or build it for the one installed here';
    return { ...loader, why: `its dynamic loader ${quoted(interpreter as string)} ${loader.why}`, hint };
  }
  if (shebangOf(head)) return scriptObstacle(path, head, searched, depth);
  // A shell would run text without an interpreter, and so does execvp(3). Anything else is not text (a zero in the first
  // line).
  const [first = ''] = head.toString('latin1').split('\n');
  if (!first.includes('\0') || mayBeRegistered(path, head)) return null;
  return refused('cannot be executed: it is neither a program nor a script', 'give the path of a program');
}

/** Searches as execvp(3) does: the first file that can be executed, else the first that exists. */
function search(name: string, searched: string): { candidate: string; obstacle: Obstacle | null } {
  const candidates = name.includes('/')
    ? [name]
    : searched.split(delimiter).map((directory) => join(directory || '.', name));
  const states = candidates.map((candidate) => ({ candidate, obstacle: unfit(candidate) }));
  const nowhere = missing(name.includes('/') ? 'is not there' : 'is in no directory of $PATH', 'give its path');
  return (
    states.find(({ obstacle }) => obstacle === null) ??
    states.find(({ obstacle }) => obstacle?.code === NOT_EXECUTABLE) ?? { candidate: name, obstacle: nowhere }
  );
}

/** The path of the program, as execvp(3) finds it. Throws CommandRefusal where it cannot be started. */
export function findCommand(name: string, searched = process.env.PATH ?? ANYWHERE): string {
  if (name === '') {
    throw new CommandRefusal(
      NOT_FOUND,
      'exec: the name of the command is empty',
      'iopftop exec [options] -- COMMAND ...',
    );
  }
  const { candidate, obstacle } = search(name, searched);
  const found = obstacle ?? obstacleOf(candidate, searched);
  if (found === null) return candidate;
  const what = obstacle?.code === NOT_FOUND ? `there is no command ${quoted(name)}: it` : quoted(name);
  throw new CommandRefusal(found.code, `exec: ${sentence(what, found)}`, found.hint);
}
