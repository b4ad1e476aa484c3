// The help: all keys, from the key table.
import type { ReactNode } from 'react';
import { useScreen } from '../../hooks/use-screen.ts';
import { LinesBox } from '../lines-box.tsx';
import { helpBox } from './lines.ts';

export function Help(): ReactNode {
  return <LinesBox box={useScreen(helpBox)} />;
}
