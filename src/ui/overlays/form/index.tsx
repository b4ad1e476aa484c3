// The form of a rule that is edited; a question about it stands in its place.
import type { ReactNode } from 'react';
import type { UiState } from '../../model/state.ts';
import type { Theme } from '../../text/theme.ts';
import { PaintedOverlay } from '../painted-overlay.tsx';
import { paintRuleForm } from './paint.ts';

const boxOf = (state: UiState, theme: Theme) =>
  state.form && !state.dialog ? paintRuleForm(state, state.form, theme) : null;

export const RuleForm = (): ReactNode => <PaintedOverlay of={boxOf} />;
