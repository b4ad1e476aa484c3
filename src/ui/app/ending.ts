// How the program ended, the line that says so on the terminal that is back, and the exit code.

import { constants } from 'node:os';
import { brokenLine, bugLine } from '../../crash.ts';
import { Exit } from '../../protocol/exit.ts';
import type { Summary } from '../../protocol/messages.ts';
import { unmetLines } from '../../protocol/unmet.ts';
import type { StopSignal } from '../../terminal/lifecycle.ts';
import { stderrLine } from '../../text/one-line.ts';
import { count, plural } from '../text/format.ts';

export interface Ending {
  /** The first signal that asked it to end. */
  signal: StopSignal | null;
  /** A bug, thrown; null: none. */
  crash: unknown;
  /** A bug that only kept a part of the screen from being drawn; null: none. */
  broken: unknown;
  /** The engine's last words, once it has torn everything down. */
  summary: Summary | null;
}

/** `line` null: there is nothing to say. */
export function farewell({ signal, crash, broken, summary }: Ending): { line: string | null; code: number } {
  const left = outstandingOf(summary);
  if (crash !== null) {
    const line = bugLine(
      crash,
      left.text ?? (summary ? 'Nothing was outstanding' : 'The kernel answers outstanding groups INVALID'),
    );
    return { line, code: Exit.ERROR };
  }
  const unmet = unmetLines(summary?.expectations);
  const bug = broken === null ? null : brokenLine(broken);
  const line = [left.text, bug, ...unmet].filter((text) => text !== null).join('; ') || null;
  if (signal !== null) return { line, code: Exit.SIGNAL + constants.signals[signal] };
  if (summary?.reason === 'error') return { line, code: Exit.ERROR };
  if (unmet.length > 0) return { line, code: Exit.EXPECT };
  return { line, code: left.groups > 0 ? Exit.UNANSWERED : Exit.DONE };
}

const NOTHING: Summary['outstanding'] = { groups: 0, plan: 'hold', answered: 0 };

/** What happened to the outstanding groups, in words (null: there were none), and how many were left unanswered. */
function outstandingOf(summary: Summary | null): { text: string | null; groups: number } {
  const { groups, plan, answered, gone = 0, unmapped = 0 } = summary?.outstanding ?? NOTHING;
  if (!groups) return { text: null, groups: 0 };
  const left = groups - answered - gone;
  const done = answered ? `${plural(answered, 'group')} answered ${plan === 'success' ? 'SUCCESS' : 'INVALID'}` : '';
  const rest = left ? `${plural(left, 'group')} left to the kernel, which answers INVALID` : '';
  const before = gone ? `${plural(gone, 'group')} answered INVALID by the kernel before` : '';
  const again = unmapped ? `${count(unmapped)} of ${count(groups)} had no memory mapped` : '';
  return { text: [done, again, before, rest].filter(Boolean).join('; '), groups: left };
}

/** On the terminal, which may be gone: Node makes its stream now, and throws where it cannot. */
export function sayLast(line: string): void {
  try {
    process.stderr.write(stderrLine(line));
  } catch {
    // Nobody is left to read it
  }
}
