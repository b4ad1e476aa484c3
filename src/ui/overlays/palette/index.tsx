// The palette: a line to type in, and what fits it.
import type { ReactNode } from 'react';
import type { UiState } from '../../model/state.ts';
import type { Theme } from '../../text/theme.ts';
import { PaintedOverlay } from '../painted-overlay.tsx';
import { paintPalette } from './paint.ts';

const boxOf = (state: UiState, theme: Theme) => state.palette && paintPalette(state, state.palette, theme);

export const Palette = (): ReactNode => <PaintedOverlay of={boxOf} />;
