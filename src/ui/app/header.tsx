// What is run, its counters, and the pages.
import type { ReactNode } from 'react';
import { numberPieces, tabPieces, titlePieces } from '../model/header.ts';
import { Pieces } from './pieces.tsx';

export function Header(): ReactNode {
  return (
    <>
      <Pieces of={titlePieces} />
      <Pieces of={numberPieces} />
    </>
  );
}

export function Tabs(): ReactNode {
  return <Pieces of={tabPieces} />;
}
