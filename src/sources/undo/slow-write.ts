// Waiting for a write that the kernel does not return from: after two seconds a message says what it waits for.
import { findOpeners } from '../../host/openers.ts';
import { Reading } from '../../host/reading.ts';
import { readBelow } from '../../host/use/below.ts';
import type { Kernel, SlowWrite } from '../../kernel/kernel.ts';
import { joinLines } from '../../text/one-line.ts';

const TURN_MS = 20;
/** Between two checks whether the writer has started. */
const READY_MS = 2;
const PATIENCE_NS = 2_000_000_000n;
/** Kernel functions that are named, innermost first. */
const MOST = 4;
/** How every wait begins, whatever it is for. */
const SCHEDULER = /^(__switch_to(_asm)?|__schedule|(io_)?schedule(_\w+)?)$/;

/** Where in the kernel it is: "idxd_wq_quiesce < idxd_remove < …"; null: the kernel does not say (it takes root). */
function placeOf(reading: Reading, pid: number | null): string | null {
  if (pid === null) return null;
  const stack = (reading.text(`/proc/${pid}/stack`, 'the stack of the write') ?? '')
    .split('\n')
    .map((line) => line.replace(/^\[<[^>]*>\] /, '').replace(/\+0x.*$/, ''))
    .filter((name) => /^\w/.test(name) && !SCHEDULER.test(name));
  if (stack.length > 0) return stack.slice(0, MOST).join(' < ');
  const wchan = reading.text(`/proc/${pid}/wchan`, 'where the write waits') ?? '';
  return wchan === '' || wchan === '0' ? null : wchan;
}

/**
 * Who has a node of the device open, asked later: by then its driver may have taken the nodes away, so that their numbers are
 * read at once.
 */
function usersOf(kernel: Kernel, address: string): () => string[] {
  const reading = new Reading(kernel.files);
  const path = reading.realPath(`/sys/bus/pci/devices/${address}`);
  const { blocks, characters } = path === null ? { blocks: [], characters: [] } : readBelow(reading, path);
  const numbers = new Set([
    ...blocks.map(({ rdev }) => `block ${rdev}`),
    ...characters.map(({ rdev }) => `character ${rdev}`),
  ]);
  return () => findOpeners(new Reading(kernel.files)).of((rdev, kind) => numbers.has(`${kind} ${rdev}`));
}

export interface Wait {
  readonly write: SlowWrite;
  /** The file that is written. */
  readonly path: string;
  readonly users: () => string[];
}

function words(kernel: Kernel, address: string, { write, path, users }: Wait): string {
  const place = placeOf(new Reading(kernel.files), write.pid);
  const who = users();
  return joinLines(
    [
      `${address}: the kernel has not returned from ${path} for 2 s`,
      place === null ? 'it does not say what it is waiting for' : `it is waiting in ${place}`,
      who.length === 0 ? 'no process is seen to have the device open' : who.join(', '),
      'Ctrl-C exits: what must be undone stays recorded, and the next start undoes it',
    ].join('; '),
  );
}

interface Request {
  readonly path: string;
  readonly text: string;
  /** If it throws, nothing is written. */
  readonly lookAgain: () => void;
}

/**
 * Begins a write. `lookAgain` is the last thing before it: the writer is running by then, and waits for its start. Throws what
 * `lookAgain` throws.
 */
export function beginWrite(kernel: Kernel, address: string, { path, text, lookAgain }: Request): Wait {
  const write = kernel.writeBeside(path, text);
  try {
    const users = usersOf(kernel, address);
    while (!write.isReady()) kernel.poll([], READY_MS);
    lookAgain();
    write.go();
    return { write, path, users };
  } catch (error) {
    write.cancel();
    throw error;
  }
}

/** Waits as long as it takes; `told` is called with null once that is over. Returns 0 or the negative errno. */
export function waitFor(kernel: Kernel, address: string, wait: Wait, told: (text: string | null) => void): number {
  const begun = kernel.now();
  let said = false;
  for (;;) {
    const result = wait.write.result();
    if (result !== null) {
      if (said) told(null);
      return result;
    }
    if (!said && kernel.now() - begun >= PATIENCE_NS) {
      said = true;
      told(words(kernel, address, wait));
    }
    kernel.poll([], TURN_MS);
  }
}
