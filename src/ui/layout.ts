// Where everything is, from the terminal's size alone (and how many device rows there are). Ink draws the boxes at these
// places, the compositor paints the rows into them.

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Panel = 'devices' | 'pending' | 'stream';
export const PANELS: readonly Panel[] = ['devices', 'pending', 'stream'];
export const PANEL_TITLES: Record<Panel, string> = {
  devices: 'Devices',
  pending: 'Pending groups',
  stream: 'Fault stream',
};

export interface PanelLayout {
  panel: Panel;
  /** The whole panel: its top line with the title, the column titles, the rows, and the closing line if it is the last. */
  box: Rect;
  /** Column titles, one row. */
  header: Rect;
  /** The rows of data. */
  body: Rect;
  /** The corners of the top line join the panel above; the last of a column closes it below. */
  first: boolean;
  last: boolean;
}

export interface Layout {
  columns: number;
  rows: number;
  /** null: the terminal is too small for the screen. */
  panels: Record<Panel, PanelLayout> | null;
  footer: number;
}

export const MIN_COLUMNS = 60;
export const MIN_ROWS = 16;
const HEADER_ROWS = 2;
const TWO_COLUMNS_FROM = 190;
/** The top line and the column titles. */
const PANEL_OVERHEAD = 2;

/** The layout for a terminal of `columns` by `rows` with `deviceRows` rows of devices. */
export function layoutFor(columns: number, rows: number, deviceRows: number): Layout {
  const footer = rows - 1;
  if (columns < MIN_COLUMNS || rows < MIN_ROWS) return { columns, rows, panels: null, footer };
  const height = rows - HEADER_ROWS - 1;
  const panels = columns >= TWO_COLUMNS_FROM ? wide(columns, height, deviceRows) : tall(columns, height, deviceRows);
  return { columns, rows, panels, footer };
}

type Panels = Record<Panel, PanelLayout>;

function tall(columns: number, height: number, deviceRows: number): Panels {
  const data = height - 3 * PANEL_OVERHEAD - 1;
  const devices = deviceHeight(deviceRows, data, 0.36);
  const pending = Math.max(2, Math.floor((data - devices) * 0.48));
  const [d, p, s] = stack(0, columns, [
    ['devices', devices],
    ['pending', pending],
    ['stream', data - devices - pending],
  ]);
  return { devices: d!, pending: p!, stream: s! };
}

function wide(columns: number, height: number, deviceRows: number): Panels {
  const left = Math.floor(columns * 0.55);
  const data = height - 2 * PANEL_OVERHEAD - 1;
  const devices = deviceHeight(deviceRows, data, 0.4);
  const [d, p] = stack(0, left, [
    ['devices', devices],
    ['pending', data - devices],
  ]);
  const [s] = stack(left, columns - left, [['stream', height - PANEL_OVERHEAD - 1]]);
  return { devices: d!, pending: p!, stream: s! };
}

function deviceHeight(deviceRows: number, data: number, share: number): number {
  return Math.max(2, Math.min(Math.max(deviceRows, 3), Math.floor(data * share)));
}

/** Panels one under another, sharing the line between them. */
function stack(left: number, width: number, heights: [Panel, number][]): PanelLayout[] {
  let top = HEADER_ROWS;
  return heights.map(([panel, bodyRows], index) => {
    const last = index === heights.length - 1;
    const inner = { left: left + 1, width: width - 2 };
    const placed: PanelLayout = {
      panel,
      box: { left, top, width, height: bodyRows + PANEL_OVERHEAD + (last ? 1 : 0) },
      header: { ...inner, top: top + 1, height: 1 },
      body: { ...inner, top: top + 2, height: bodyRows },
      first: index === 0,
      last,
    };
    top += bodyRows + PANEL_OVERHEAD;
    return placed;
  });
}

/** A box of `width` by `height` in the middle, cut to the terminal. */
export function centred(columns: number, rows: number, width: number, height: number): Rect {
  const w = Math.min(width, columns);
  const h = Math.min(height, rows);
  return { left: Math.floor((columns - w) / 2), top: Math.floor((rows - h) / 2), width: w, height: h };
}
