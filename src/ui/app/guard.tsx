// A part of the screen that may break alone: it says so in its place, and nothing can be done to what it does not show.
import { Box, Text } from 'ink';
import { type ReactNode, useLayoutEffect } from 'react';
import { joinLines } from '../../text/one-line.ts';
import type { BrokenPart } from '../actions/on-screen.ts';
import { useScreen, useScreenContext } from '../hooks/use-screen.ts';
import type { UiState } from '../model/state.ts';
import { Boundary } from '../paint/boundary.tsx';
import { sanitise } from '../text/sanitise.ts';

interface Props {
  of: BrokenPart;
  /** Cells that it has; absent: it lies over the panels. */
  width?: number;
  height?: number;
  children: ReactNode;
}

/** With the next view it is tried again. */
const viewOf = (state: UiState) => state.view?.snapshot.t;

export function Guard({ of, width, height, children }: Props): ReactNode {
  const { onBroken } = useScreenContext();
  const resetKey = useScreen(viewOf);
  return (
    <Boundary
      resetKey={resetKey}
      onError={onBroken}
      fallback={(error) => <Broken of={of} error={error} width={width} height={height} />}
    >
      {children}
    </Boundary>
  );
}

function Broken({ of, error, ...size }: Omit<Props, 'children'> & { error: unknown }): ReactNode {
  const { broken } = useScreenContext();
  useLayoutEffect(() => {
    broken.add(of);
    return () => void broken.delete(of);
  }, [broken, of]);
  const why = sanitise(joinLines(error instanceof Error ? error.message : String(error)));
  const place = size.width === undefined ? ({ position: 'absolute', top: 3, left: 0 } as const) : size;
  return (
    <Box {...place} overflow="hidden" backgroundColor="default">
      <Text wrap="wrap">{`The ${of} cannot be drawn: ${why}. This is a bug in iopftop.`}</Text>
    </Box>
  );
}
