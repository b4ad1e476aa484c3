// The screen as a whole.
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { type KeyLayers, Keys } from '../hooks/use-keys.tsx';
import { ScreenContext, type ScreenParts, useScreen, useTheme } from '../hooks/use-screen.ts';
import { MIN_COLUMNS, MIN_ROWS } from '../model/layout.ts';
import { layoutOf } from '../model/layout-of.ts';
import type { UiState } from '../model/state.ts';
import { Footer } from './footer.tsx';
import { Header, Tabs } from './header.tsx';
import { Overlays } from './overlays.tsx';
import { Page } from './page.tsx';
import { Status } from './status.tsx';

export function App({ screen, layers }: { screen: ScreenParts; layers: KeyLayers }): ReactNode {
  return (
    <ScreenContext value={screen}>
      <Keys layers={layers}>
        <WholeScreen />
      </Keys>
    </ScreenContext>
  );
}

const sizeOf = (state: UiState) => {
  const { columns, rows, panels } = layoutOf(state);
  return { columns, rows, fits: panels !== null };
};

export function WholeScreen(): ReactNode {
  const { columns, rows, fits } = useScreen(sizeOf);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {fits ? (
        <>
          <Header />
          <Tabs />
          <Page />
          <Footer />
          <Status />
        </>
      ) : (
        <TooSmall columns={columns} rows={rows} />
      )}
      <Overlays />
    </Box>
  );
}

function TooSmall({ columns, rows }: { columns: number; rows: number }): ReactNode {
  const theme = useTheme();
  const words = `terminal too small: ${columns}×${rows}, need at least ${MIN_COLUMNS}×${MIN_ROWS}`;
  return <Text wrap="wrap">{theme.glyphs(words)}</Text>;
}
