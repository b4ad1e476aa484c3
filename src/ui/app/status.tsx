// What has just been done, or why not: on the closing line of the panels, over the footer.
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Styled } from '../hooks/styled.tsx';
import { useScreen } from '../hooks/use-screen.ts';
import type { Status as Said, UiState } from '../model/state.ts';
import type { Style } from '../text/style.ts';
import { cell } from '../text/table.ts';

const STYLE: Record<Said['kind'], Style> = { done: 'good', error: 'bad', info: 'accent', hint: 'accent' };

function textOf({ status, columns }: UiState): { text: string; style: Style } | null {
  if (!status) return null;
  const room = columns - 4;
  return { text: ` ${cell(status.text, Math.min(status.text.length, room - 2))} `, style: STYLE[status.kind] };
}

export function Status(): ReactNode {
  const said = useScreen(textOf);
  return (
    said && (
      <Box position="absolute" bottom={1} left={2}>
        <Styled as={said.style}>{said.text}</Styled>
      </Box>
    )
  );
}
