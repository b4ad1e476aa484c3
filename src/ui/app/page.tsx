// The page: its panels, one under another, and side by side where the terminal is wide.
import { Box } from 'ink';
import { memo, type ReactNode } from 'react';
import { useScreen } from '../hooks/use-screen.ts';
import type { Panel, PanelLayout } from '../model/layout.ts';
import { layoutOf } from '../model/layout-of.ts';
import type { UiState } from '../model/state.ts';
import { PANELS } from '../panels/panels.ts';
import { Guard } from './guard.tsx';

/** The panel that keys go to; null: what is over the panels has them. */
const focusOf = ({ focus, dialog, form, help, palette }: UiState): Panel | null =>
  dialog || form || help || palette ? null : focus;

const panelsOf = (state: UiState): readonly PanelLayout[] => layoutOf(state).panels ?? [];

export function Page(): ReactNode {
  const panels = useScreen(panelsOf);
  const focus = useScreen(focusOf);
  return (
    <Box flexGrow={1}>
      {columnsOf(panels).map((column) => (
        <Box key={column[0]!.box.left} flexDirection="column" width={column[0]!.box.width}>
          {column.map((place) => (
            <PlacedPanel key={place.panel} place={place} focused={focus === place.panel} />
          ))}
        </Box>
      ))}
    </Box>
  );
}

const PlacedPanel = memo(function PlacedPanel({ place, focused }: { place: PanelLayout; focused: boolean }): ReactNode {
  const Shown = PANELS[place.panel];
  const { width, height } = place.box;
  return (
    <Guard of={place.panel} width={width} height={height}>
      <Shown place={place} focused={focused} />
    </Guard>
  );
});

function columnsOf(panels: readonly PanelLayout[]): PanelLayout[][] {
  const columns = new Map<number, PanelLayout[]>();
  for (const place of panels) columns.set(place.box.left, [...(columns.get(place.box.left) ?? []), place]);
  return [...columns.values()];
}
