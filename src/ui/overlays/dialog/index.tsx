// The dialog that is open.
import type { ReactNode } from 'react';
import { useScreen } from '../../hooks/use-screen.ts';
import type { UiState } from '../../model/state.ts';
import { LinesBox } from '../lines-box.tsx';
import { dialogBox } from './lines.ts';

const boxOf = (state: UiState) => state.dialog && dialogBox(state, state.dialog);

export function Dialog(): ReactNode {
  const box = useScreen(boxOf);
  return box && <LinesBox box={box} />;
}
