// A box of lines, each in one style: the dialogs and the help.
import type { ReactNode } from 'react';
import { Styled } from '../hooks/styled.tsx';
import type { Rect } from '../model/layout.ts';
import { bare } from '../text/sanitise.ts';
import type { Style } from '../text/style.ts';
import { OverlayBox } from './box.tsx';

export interface BoxLine {
  text: string;
  style: Style;
}

export interface BoxModel {
  rect: Rect;
  title: string;
  /** rect.height - 2 lines of rect.width - 4 cells. */
  lines: BoxLine[];
  style: Style;
}

export function LinesBox({ box }: { box: BoxModel }): ReactNode {
  return (
    <OverlayBox rect={box.rect} title={box.title} style={box.style}>
      {box.lines.map(({ text, style }, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <Styled key={row} as={style}>
          {bare(text)}
        </Styled>
      ))}
    </OverlayBox>
  );
}
