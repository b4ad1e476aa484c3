// Rows of painted text as one element: where there are many of them, a component for each costs more than the rows.
import { Transform } from 'ink';
import { memo, type ReactNode } from 'react';

interface LinesProps {
  lines: readonly string[];
}

/** As <Line>: the rows come from the transform, and Yoga knows only how many there are. */
export const Lines = memo(
  function Lines({ lines }: LinesProps): ReactNode {
    if (!lines.length) return null;
    return <Transform transform={(_, row) => lines[row] ?? ''}>{`${'\n'.repeat(lines.length - 1)} `}</Transform>;
  },
  (a: LinesProps, b: LinesProps) =>
    a.lines.length === b.lines.length && a.lines.every((line, i) => line === b.lines[i]),
);
