// A part of the screen that may break alone: it says so in its place, and nothing can be done to what it does not show.
import { Box, Text } from 'ink';
import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { joinLines } from '../../text/one-line.ts';
import type { BrokenPart } from '../actions/on-screen.ts';
import { useScreen, useScreenContext } from '../hooks/use-screen.ts';
import { partName } from '../model/layout.ts';
import type { UiState } from '../model/state.ts';
import { Boundary } from '../paint/boundary.tsx';
import { sanitise } from '../text/sanitise.ts';

interface Props {
  of: BrokenPart;
  /** Its cells; absent: it lies over the panels. */
  width?: number;
  height?: number;
  children: ReactNode;
}

export function Guard({ of, width, height, children }: Props): ReactNode {
  const { onBroken } = useScreenContext();
  const [tries, setTries] = useState(0);
  const retry = useCallback(() => setTries((before) => before + 1), []);
  return (
    <Boundary
      resetKey={tries}
      onError={onBroken}
      fallback={(error) => <Broken of={of} error={error} width={width} height={height} retry={retry} />}
    >
      {children}
    </Boundary>
  );
}

const viewOf = (state: UiState) => state.view?.snapshot.t;

interface BrokenProps extends Omit<Props, 'children'> {
  error: unknown;
  /** Draws it again: with the next view. */
  retry(): void;
}

function Broken({ of, error, retry, ...size }: BrokenProps): ReactNode {
  const { broken, theme } = useScreenContext();
  useLayoutEffect(() => {
    broken.add(of);
    return () => void broken.delete(of);
  }, [broken, of]);
  const view = useScreen(viewOf);
  const first = useRef(view);
  useLayoutEffect(() => {
    if (view !== first.current) retry();
  }, [view, retry]);
  const why = sanitise(joinLines(error instanceof Error ? error.message : String(error)));
  const place = size.width === undefined ? ({ position: 'absolute', top: 3, left: 0 } as const) : size;
  return (
    <Box {...place} overflow="hidden" backgroundColor="default">
      <Text wrap="wrap">{theme.glyphs(`The ${partName(of)} cannot be drawn: ${why}. This is a bug in iopftop.`)}</Text>
    </Box>
  );
}
