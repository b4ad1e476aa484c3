// A text in one of the styles of the theme.
import { Text } from 'ink';
import { memo, type ReactNode } from 'react';
import type { Style } from '../text/style.ts';
import { useTheme } from './use-screen.ts';

export const Styled = memo(function Styled({ as = 'plain', children }: { as?: Style; children: string }): ReactNode {
  const theme = useTheme();
  return <Text wrap="truncate">{theme.paint(as, theme.glyphs(children))}</Text>;
});
