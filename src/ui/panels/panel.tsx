// A panel: a border with a title, what filter is in force, a note at the right; and what is in it.
import { Box } from 'ink';
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../hooks/use-screen.ts';
import { PANEL_TITLES, type PanelLayout } from '../model/layout.ts';
import type { UiState } from '../model/state.ts';
import { Line } from '../paint/line.tsx';
import { bordersOf } from '../text/borders.ts';
import { cell } from '../text/table.ts';
import type { Theme } from '../text/theme.ts';
import { type FilterTitle, filterTitle } from './filter-title.ts';

/** What every panel is given: its place, and whether keys go to its cursor. */
export interface PanelProps {
  place: PanelLayout;
  focused: boolean;
}

interface Props extends PanelProps {
  /** What stands at the right of its title; '' for nothing. */
  note(state: UiState): string;
  children: ReactNode;
}

export function Panel({ place, focused, note, children }: Props): ReactNode {
  const theme = useTheme();
  const filter = useScreen(useCallback((state) => filterTitle(state, place.panel), [place.panel]));
  const said = useScreen(note);
  const { width, height } = place.box;
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Line text={topLine({ place, focused, filter, note: said }, theme)} />
      <Box
        flexDirection="column"
        flexGrow={1}
        borderStyle={bordersOf(theme)}
        borderTop={false}
        borderBottom={place.last}
        overflow="hidden"
      >
        {children}
      </Box>
    </Box>
  );
}

interface Top {
  place: PanelLayout;
  focused: boolean;
  filter: FilterTitle | null;
  note: string;
}

/** Cells before the title: the corner and a line; and behind the last text. */
const BEFORE = 2;
const BEHIND = 2;
/** Below, a filter is shown in short. */
const LONG_FROM = 50;
const LEAST_CELLS = 8;

/** The border's top, with all that is said in it: exactly as wide as the panel. */
function topLine({ place, focused, filter, note }: Top, theme: Theme): string {
  const { width } = place.box;
  const title = ` ${PANEL_TITLES[place.panel]} `;
  const room = Math.max(0, width - BEFORE - title.length - BEHIND);
  const { left, right } = filter ? withFilter(filter, note, room) : { left: null, right: fitNote(note, room - 8) };
  const atLeft = left && room - 2 >= LEAST_CELLS ? ` ${cell(left.text, Math.min(left.text.length, room - 2))} ` : '';
  const gap = filter ? room : room - 6;
  const atRight = right && gap - 2 >= LEAST_CELLS ? ` ${cell(right, Math.min(right.length, gap - 2))} ` : '';
  const line = '─'.repeat(Math.max(0, room - atLeft.length - atRight.length));
  const edge = (text: string) => theme.paint(focused ? 'accent' : 'plain', theme.glyphs(text));
  const [from, to] = place.first ? '╭╮' : '├┤';
  return (
    edge(`${from}─${title}`) +
    (left ? theme.paint(left.style, theme.glyphs(atLeft)) : '') +
    edge(line) +
    theme.paint('dim', theme.glyphs(atRight)) +
    edge(`─${to}`)
  );
}

/** The filter comes first; the note stands beside it where both have room. */
function withFilter(filter: FilterTitle, note: string, room: number) {
  const whole = filter.text.length + note.length + 7 <= room;
  const fits = filter.text.length + 2 <= room || room > LONG_FROM;
  return { left: { text: fits ? filter.text : filter.short, style: filter.style }, right: whole ? note : '' };
}

/** A note without its last parts, where all of them are too long. */
function fitNote(note: string, room: number): string {
  const cut = note.length > room ? note.lastIndexOf(', ') : -1;
  return cut < 0 ? note : fitNote(note.slice(0, cut), room);
}
