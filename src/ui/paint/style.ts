// Looks of a cell: SGR parameters in a canonical order, each set of them a small number.
// The tables are never emptied, but bounded: a screen has some dozens of looks.

export type StyleId = number;

const texts: string[] = [''];
const ids = new Map<string, StyleId>([['', 0]]);
const MOST_KNOWN = 1024;
/** By the present style: what SGR parameters make of it. */
const after = [new Map<string, StyleId>()];
/** The same for short parameters, by a number made of them: most sequences. */
const afterShort = [new Map<number, StyleId>()];

export const sgrOf = (style: StyleId): string => texts[style] ?? '';

/** The style when `parameters` (of an SGR sequence, without ESC [ and m) follow on `style`. */
export function applySgr(style: StyleId, parameters: string): StyleId {
  const known = after[style]!;
  let result = known.get(parameters);
  if (result === undefined) {
    result = intern(merge(sgrOf(style), parameters));
    if (known.size > MOST_KNOWN) known.clear();
    known.set(parameters, result);
  }
  return result;
}

/** Digits and semicolons: as many of them make an exact number. */
const SHORT = 12;

/** The same for the parameters between two places of `text`, without a string of their own. */
export function applySgrAt(style: StyleId, text: string, from: number, to: number): StyleId {
  if (to - from > SHORT) return applySgr(style, text.slice(from, to));
  let key = 0;
  for (let i = from; i < to; i++) key = key * 13 + (text.charCodeAt(i) - 0x2f);
  const known = afterShort[style]!;
  let result = known.get(key);
  if (result === undefined) {
    result = applySgr(style, text.slice(from, to));
    if (known.size > MOST_KNOWN) known.clear();
    known.set(key, result);
  }
  return result;
}

/** As many as a cell has room for (cell.ts); a look beyond them is plain. */
const MOST = 0x7ff;

function intern(text: string): StyleId {
  const known = ids.get(text);
  if (known !== undefined) return known;
  if (texts.length >= MOST) return 0;
  ids.set(text, texts.length);
  after.push(new Map());
  afterShort.push(new Map());
  return texts.push(text) - 1;
}

/** Which slot of a style a parameter sets, and which ones it clears. */
const SLOT_OF: Record<number, number> = { 1: 0, 2: 1, 3: 2, 4: 3, 7: 4, 9: 5 };
const CLEARS: Record<number, number[]> = { 22: [0, 1], 23: [2], 24: [3], 27: [4], 29: [5], 39: [6], 49: [7] };
const isForeground = (code: number): boolean => (code >= 30 && code <= 38) || (code >= 90 && code <= 97);

/** A style after more parameters, in a canonical order, so that equal looks are equal strings. */
function merge(style: string, parameters: string): string {
  const slots = new Array<string>(8).fill('');
  setSlots(slots, style);
  setSlots(slots, parameters || '0');
  return slots.filter(Boolean).join(';');
}

function setSlots(slots: string[], parameters: string): void {
  const codes = parameters ? parameters.split(';').map(Number) : [];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    const taken = code === 38 || code === 48 ? (codes[i + 1] === 5 ? 3 : 5) : 1;
    const text = codes.slice(i, i + taken).join(';');
    i += taken - 1;
    const slot = SLOT_OF[code];
    if (code === 0) slots.fill('');
    else if (slot !== undefined) slots[slot] = text;
    else if (CLEARS[code]) for (const cleared of CLEARS[code]) slots[cleared] = '';
    else slots[isForeground(code) ? 6 : 7] = text;
  }
}
