// The lines of boxes, as Ink's borders want them.
import type { Theme } from './theme.ts';

const ROUND = {
  topLeft: '╭',
  top: '─',
  topRight: '╮',
  left: '│',
  right: '│',
  bottomLeft: '╰',
  bottom: '─',
  bottomRight: '╯',
};
const ASCII = {
  topLeft: '+',
  top: '-',
  topRight: '+',
  left: '|',
  right: '|',
  bottomLeft: '+',
  bottom: '-',
  bottomRight: '+',
};

export const bordersOf = ({ unicode }: Theme): typeof ROUND => (unicode ? ROUND : ASCII);
