// A process killed with SIGKILL (by hand, or by the OOM killer) cannot restore the terminal. A small shell waits for that
// beside the screen: it gets a byte when the screen is up, and if the pipe ends with the screen up, it restores the terminal.
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * `$1`: the sequence that leaves the screen. A shell with line editing sets the modes itself; a terminal without signals is
 * ours.
 */
const SCRIPT = `up=0
while read -r line; do up=$line; done
[ "$up" = 1 ] || exit 0
printf '%b' "$1" >&3
case $(stty -a <&3) in
  *-isig*) stty brkint icrnl ixon echo icanon iexten isig <&3 ;;
esac`;

export interface Watcher {
  /** Whether the screen is up. Takes effect at once, also while the process exits. */
  tell(up: boolean): void;
}

/**
 * Starts the shell in its own session, so that what ends the process group does not end it. `fd`: the terminal;
 * `leave`: the sequence that restores it. Without a shell there is no watcher; everything else works.
 */
export function startWatcher(fd: number, leave: string): Watcher {
  const escaped = leave.replaceAll('\x1b', '\\033').replaceAll('\x18', '\\030');
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'iopftop-terminal', escaped], {
    stdio: ['pipe', 'ignore', 'ignore', fd],
    detached: true,
  });
  child.on('error', () => {});
  const pipe = child.stdin as Writable;
  pipe.on('error', () => {});
  child.unref();
  return { tell: (up) => void pipe.write(up ? '1\n' : '0\n') };
}
