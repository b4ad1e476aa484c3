// Where everything is, from the terminal's size, the page and what it holds. The boxes and
// the rows in them are painted at these places.

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What is on the screen as a whole; each has a number key. */
export const PAGES = ['overview', 'devices', 'pending', 'stream', 'statistics', 'journal', 'rules', 'owner'] as const;
export type Page = (typeof PAGES)[number];
export const PAGE_TITLES: Record<Page, string> = {
  overview: 'Overview',
  devices: 'Devices',
  pending: 'Pending',
  stream: 'Stream',
  statistics: 'Statistics',
  journal: 'Journal',
  rules: 'Rules',
  owner: 'Owner',
};

/** The boxes that pages are made of. */
export type Panel =
  | 'summary'
  | 'owner'
  | 'devices'
  | 'pending'
  | 'stream'
  | 'statistics'
  | 'journal'
  | 'rules'
  | 'detail';
export const PANEL_TITLES: Record<Panel, string> = {
  summary: 'Summary',
  owner: 'Owner of the queues',
  devices: 'Devices',
  pending: 'Pending groups',
  stream: 'Fault stream',
  statistics: 'Statistics',
  journal: 'Journal',
  rules: 'Rules',
  detail: 'Detail',
};
/** What a part of the screen is called where it cannot be drawn. */
export const partName = (part: string): string =>
  part in PANEL_TITLES ? `panel "${PANEL_TITLES[part as Panel]}"` : part;
/** Panels whose rows have titles over them; the others say what is what in their own rows. */
const WITH_TITLES: readonly Panel[] = ['devices', 'pending', 'stream', 'journal', 'rules'];

export interface PanelLayout {
  panel: Panel;
  /** The whole panel: its top line with the title, the column titles, the rows, and the closing line if it is the last. */
  box: Rect;
  /** Column titles, one row; null where the panel has none. */
  header: Rect | null;
  /** The rows of data. */
  body: Rect;
  /** The corners of the top line join the panel above; the last of a column closes it below. */
  first: boolean;
  last: boolean;
}

export interface Layout {
  columns: number;
  rows: number;
  /** From top to bottom, then from left to right; null: the terminal is too small for the screen. */
  panels: readonly PanelLayout[] | null;
  footer: number;
}

export interface LayoutRequest {
  columns: number;
  rows: number;
  page: Page;
  /** Rows of devices that there are, for the overview. */
  deviceRows: number;
  /** Rows with the most important facts about the owner of the queues, for the overview; 0: there is none (see --pid). */
  ownerRows: number;
  /** Whether the detail pane is open; only some pages have one. */
  detail: boolean;
}

export const MIN_COLUMNS = 60;
export const MIN_ROWS = 16;
/** Title, numbers, tabs. */
const HEADER_ROWS = 3;
const TWO_COLUMNS_FROM = 190;
const DETAIL_BESIDE_FROM = 190;
const SUMMARY_FROM = 18;
const STREAM_FROM = 27;

/** The pages whose rows are groups, which have a detail. */
export const WITH_DETAIL: readonly Page[] = ['overview', 'pending', 'stream'];

/** The layout for a size, a page and what it holds. */
export function layoutFor(request: LayoutRequest): Layout {
  const { columns, rows, page } = request;
  const footer = rows - 1;
  if (columns < MIN_COLUMNS || rows < MIN_ROWS) return { columns, rows, panels: null, footer };
  const height = rows - HEADER_ROWS - 1;
  const panels = page === 'overview' ? overview(request, height) : single(request, page, height);
  return { columns, rows, panels, footer };
}

/** The panel's place; null: it is not on the screen. */
export function placed(layout: Layout, panel: Panel): PanelLayout | null {
  return layout.panels?.find((p) => p.panel === panel) ?? null;
}

type Rows = [Panel, number];

function single({ columns, detail }: LayoutRequest, page: Exclude<Page, 'overview'>, height: number): PanelLayout[] {
  const all = height - overhead(page) - 1;
  if (!detail || !WITH_DETAIL.includes(page)) return stack(0, columns, [[page, all]]);
  if (columns >= DETAIL_BESIDE_FROM) {
    const left = Math.floor(columns * 0.6);
    return [
      ...stack(0, left, [[page, all]]),
      ...stack(left, columns - left, [['detail', height - overhead('detail') - 1]]),
    ];
  }
  const list = Math.max(3, Math.floor(all * 0.35));
  return stack(0, columns, [
    [page, list],
    ['detail', all - list - overhead('detail')],
  ]);
}

function overview(request: LayoutRequest, height: number): PanelLayout[] {
  const { columns, deviceRows, ownerRows, detail } = request;
  const two = columns >= TWO_COLUMNS_FROM;
  // A few rows of everything would leave too few for the fields
  if (detail && !two && height < STREAM_FROM) return single(request, 'pending', height);
  const left = two ? Math.floor(columns * 0.55) : columns;
  const summary: Rows[] = height >= SUMMARY_FROM ? [['summary', height >= STREAM_FROM ? 6 : 3]] : [];
  // The detail needs its rows more than the owner, which has a page
  const owner: Rows[] = ownerRows && (!detail || two) ? [['owner', ownerShare(ownerRows, height)]] : [];
  const above = [...summary, ...owner];
  const below: Panel[] = detail ? ['detail'] : two || height < STREAM_FROM ? [] : ['stream'];
  const under: Panel[] = two ? [] : below;
  const taken = [...above.map(([panel]) => panel), 'devices' as const, 'pending' as const, ...under];
  const data =
    height -
    taken.reduce((sum, panel) => sum + overhead(panel), 0) -
    1 -
    above.reduce((sum, [, rows]) => sum + rows, 0);
  const devices = Math.max(2, Math.min(Math.max(deviceRows, 3), Math.floor(data * (two ? 0.45 : 0.4))));
  const rest = data - devices;
  const pending = under.length ? Math.max(2, Math.floor(rest * (detail ? 0.35 : 0.5))) : rest;
  const stacked = stack(0, left, [
    ...above,
    ['devices', devices],
    ['pending', pending],
    ...under.map((panel): Rows => [panel, rest - pending]),
  ]);
  if (!two) return stacked;
  const beside: Panel = detail ? 'detail' : 'stream';
  return [...stacked, ...stack(left, columns - left, [[beside, height - overhead(beside) - 1]])];
}

/** For an owner with one queue, as most have, until the first view arrives. */
export const UNKNOWN_OWNER_ROWS = 3;

/** The rest is on the owner's page. */
const ownerShare = (rows: number, height: number): number => Math.min(rows, Math.max(2, Math.floor(height / 6)));

/** The top line, and the column titles where there are any. */
const overhead = (panel: Panel): number => (WITH_TITLES.includes(panel) ? 2 : 1);

/** Panels one under another, sharing the line between them. */
function stack(left: number, width: number, heights: Rows[]): PanelLayout[] {
  let top = HEADER_ROWS;
  return heights.map(([panel, bodyRows], index) => {
    const last = index === heights.length - 1;
    const inner = { left: left + 1, width: width - 2 };
    const above = overhead(panel);
    const place: PanelLayout = {
      panel,
      box: { left, top, width, height: bodyRows + above + (last ? 1 : 0) },
      header: above === 2 ? { ...inner, top: top + 1, height: 1 } : null,
      body: { ...inner, top: top + above, height: bodyRows },
      first: index === 0,
      last,
    };
    top += bodyRows + above;
    return place;
  });
}

/** A box of `width` by `height` in the middle, cut to the terminal. */
export function centred(columns: number, rows: number, width: number, height: number): Rect {
  const w = Math.min(width, columns);
  const h = Math.min(height, rows);
  return { left: Math.floor((columns - w) / 2), top: Math.floor((rows - h) / 2), width: w, height: h };
}
