// The owner in a few lines, for the overview: who it is and what it does, its queues, what can be done.

import type { OwnerQueueRow, OwnerRow, QueueRow } from '../../../protocol/messages.ts';
import { remedyLine } from '../../model/owner/meaning.ts';
import { queueWords, worstFirst } from '../../model/owner/queue-words.ts';
import { stateWords } from '../../model/owner/state-words.ts';
import type { UiState } from '../../model/state.ts';
import { plural } from '../../text/format.ts';
import { fitPieces, type Piece } from '../../text/pieces.ts';
import { sanitise } from '../../text/sanitise.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';

const GAP = 2;
function whoLine(owner: OwnerRow, width: number, theme: Theme): string {
  const { pid, comm, uid, threads } = owner;
  const does = stateWords(owner);
  const pieces: Piece[] = [
    { text: `PID ${pid}`, style: 'title', priority: 0 },
    { text: sanitise(comm), style: 'title', priority: 1 },
    { text: does.text, style: does.style, priority: 0 },
    { text: uid === null ? '' : `uid ${uid}`, style: 'plain', priority: 3 },
    { text: threads > 0 ? plural(threads, 'thread') : '', style: 'plain', priority: 2 },
  ];
  let room = width;
  return fitPieces(pieces, width, GAP)
    .map(({ text, style }) => {
      const shown = cell(text, Math.max(0, Math.min(text.length, room)));
      room -= shown.length + GAP;
      return theme.paint(style, theme.glyphs(shown));
    })
    .join(' '.repeat(GAP));
}

/** The longest of the texts that has room. */
export const fitting = (texts: readonly string[], width: number): string =>
  cell(texts.find((text) => text.length <= width) ?? texts.at(-1) ?? '', width);

/** `more`: how many queues have no line. */
function queueLine([queue, more]: [OwnerQueueRow, number], about: About, width: number, theme: Theme): string {
  const { texts, style } = queueWords(queue, about.owner, about.ours);
  const head = `fd ${queue.fd}  `;
  const end = more ? `  +${more} more` : '';
  const room = width - head.length - end.length;
  const text = fitting(texts, room).trimEnd();
  return theme.glyphs(head) + theme.paint(style, theme.glyphs(text)) + theme.paint('dim', end);
}

interface About {
  owner: OwnerRow;
  ours: readonly QueueRow[];
}

/** Painted lines of at most `width` cells; as many queues as leave a line for what can be done, if there are three. */
export function overviewLines(
  about: About,
  state: Pick<UiState, 'keys' | 'hello'>,
  { width, height }: { width: number; height: number },
  theme: Theme,
): string[] {
  const { owner } = about;
  const queues = worstFirst(owner.queues);
  const room = Math.max(1, height >= 3 ? height - 2 : height - 1);
  const shown = queues.slice(0, room).map((queue, i) => {
    const more = i === room - 1 ? queues.length - room : 0;
    return queueLine([queue, more], about, width, theme);
  });
  const none = theme.paint('warn', fitting(['no fault queue among its descriptors', 'no fault queue'], width));
  const remedy = theme.paint('accent', theme.glyphs(fitting(remedyLine(owner, state), width)));
  return [whoLine(owner, width, theme), ...(shown.length ? shown : [none]), remedy].slice(0, height);
}
