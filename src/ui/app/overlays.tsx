// What lies over the panels. Each takes the keys while it is there: the one further on in LAYERS
// is mounted later, and comes first.
import type { ComponentType, ReactNode } from 'react';
import { LAYERS, type LayerName } from '../actions/layers.ts';
import { useKeys } from '../hooks/use-keys.tsx';
import { useScreen } from '../hooks/use-screen.ts';
import type { UiState } from '../model/state.ts';
import { Dialog } from '../overlays/dialog/index.tsx';
import { RuleForm } from '../overlays/form/index.tsx';
import { Help } from '../overlays/help/index.tsx';
import { Palette } from '../overlays/palette/index.tsx';
import { Prompt } from '../overlays/prompt/index.tsx';
import { Guard } from './guard.tsx';

/** The page is under all of them, and the other layers draw nothing. */
const SHOWN: Partial<Record<LayerName, ComponentType>> = {
  palette: Palette,
  prompt: Prompt,
  form: RuleForm,
  help: Help,
  dialog: Dialog,
};

const openLayers = (state: UiState): LayerName[] =>
  LAYERS.filter(({ isOpen }) => isOpen(state)).map(({ name }) => name);

export function Overlays(): ReactNode {
  const open = useScreen(openLayers);
  const seen = !open.includes('unseen');
  // Keyed by all that is under it: if something opens further down, what is over it is mounted again, and so has the keys
  return open.map((name, at) => <Overlay key={open.slice(0, at + 1).join(' ')} name={name} seen={seen} />);
}

function Overlay({ name, seen }: { name: LayerName; seen: boolean }): ReactNode {
  useKeys(LAYERS.find((layer) => layer.name === name)!);
  const Shown = seen && SHOWN[name];
  return (
    Shown && (
      <Guard of={name}>
        <Shown />
      </Guard>
    )
  );
}
