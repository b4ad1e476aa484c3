// The form of a rule that is edited; a question about it stands in its place.
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../../hooks/use-screen.ts';
import type { UiState } from '../../model/state.ts';
import { Lines } from '../../paint/lines.tsx';
import { OverlayBox } from '../box.tsx';
import { paintRuleForm } from './paint.ts';

export function RuleForm(): ReactNode {
  const theme = useTheme();
  const box = useScreen(
    useCallback(
      (state: UiState) => (state.form && !state.dialog ? paintRuleForm(state, state.form, theme) : null),
      [theme],
    ),
  );
  return (
    box && (
      <OverlayBox rect={box.rect} title={box.title}>
        <Lines lines={box.lines} />
      </OverlayBox>
    )
  );
}
