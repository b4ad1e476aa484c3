// What is known about the process that owns a queue: what it is, and where it blocks.
import type { Files } from '../kernel/files.ts';
import { joinLines } from '../text/one-line.ts';
import { readText, refusalName, statusField, tryText } from './proc.ts';

/** How many characters of a command line are kept. */
const COMMAND_LIMIT = 1_000;
const STACK_LIMIT = 64;

export interface OwnerFacts {
  readonly comm: string;
  /** '' if it cannot be read. */
  readonly command: string;
  /** The real one. */
  readonly uid: number | null;
  /** Letter of the main thread. */
  readonly state: string | null;
  readonly threads: number;
  readonly wchan: string | null;
  readonly syscall: string | null;
  readonly stack: string[] | null;
  /** What could not be read, and why. */
  readonly unread: string[];
}

/** "0 0x3 0x7f… …" is a number and its arguments; "running" and "-1" are none (proc_pid_syscall). */
const syscallOf = (text: string): string | null => (/^\d+ /.test(text) ? `system call ${text.split(' ')[0]}` : null);

/** "[<0>] futex_wait+0x10/0x20" → "futex_wait+0x10/0x20" (proc_pid_stack). */
const stackOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, STACK_LIMIT)
    .map((line) => joinLines(line.replace(/^\[<[^>]*>\] /, '')));

function commandOf(text: string): string {
  const words = text.replace(/\0+$/, '').split('\0').join(' ');
  return joinLines(words.length > COMMAND_LIMIT ? `${words.slice(0, COMMAND_LIMIT)}...` : words);
}

/** null: it has ended. Does not throw for what the kernel refuses: that is in `unread`. */
export function ownerFacts(files: Files, pid: number): OwnerFacts | null {
  const status = tryText(files, `/proc/${pid}/status`);
  if (status === null) return null;
  const unread: string[] = [];
  const read = (name: string, what: string): string | null => {
    try {
      return readText(files, `/proc/${pid}/${name}`);
    } catch (error) {
      unread.push(`${what}: ${refusalName(error)}`);
      return null;
    }
  };
  const [uid] = statusField(status, 'Uid');
  const [state = null] = statusField(status, 'State');
  const [threads = 0] = statusField(status, 'Threads');
  const command = read('cmdline', 'command line');
  const wchan = read('wchan', 'kernel function');
  const syscall = read('syscall', 'system call');
  const stack = read('stack', 'kernel stack');
  return {
    comm: joinLines(statusName(status)),
    command: command === null ? '' : commandOf(command),
    uid: uid === undefined ? null : Number(uid),
    state,
    threads: Number(threads),
    wchan: wchan === null || wchan === '' || wchan === '0' ? null : joinLines(wchan),
    syscall: syscall === null ? null : syscallOf(syscall),
    stack: stack === null ? null : stackOf(stack),
    unread,
  };
}

/** The rest of the line: a name may hold spaces. */
const statusName = (status: string): string => /^Name:\t(.*)$/m.exec(status)?.[1] ?? '?';
