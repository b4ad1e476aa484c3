// What a cell holds, as a number: a code point, or the place of a longer cluster in a table.
import stringWidth from 'string-width';

const CLUSTERS_FROM = 0x110000;
/** As many clusters as are kept; a screen has some dozens of them. */
const MOST_CLUSTERS = 0x10000;
const REPLACEMENT = 0xfffd;
const clusters: string[] = [];
const clusterIds = new Map<string, number>();

/** Widths of the code points of the BMP met so far: 1 or 2 cells; ALONE: depends on its neighbours, or has none. */
const widths = new Uint8Array(0x10000);
const ALONE = 3;
widths.fill(1, 0x20, 0x7f);
widths.fill(1, 0xa1, 0x300);
/** A soft hyphen is not shown. */
widths[0xad] = ALONE;
/**
 * Dashes, quotes, the ellipsis; arrows, box drawing, blocks and shapes: most of what a screen is drawn with. Asking string-width for
 * the first of them took 40 ms: it compiles a pattern of all emoji.
 */
widths.fill(1, 0x2010, 0x2028);
widths.fill(1, 0x2030, 0x205f);
widths.fill(1, 0x2190, 0x2200);
widths.fill(1, 0x2500, 0x25fd);

export const glyphOf = (glyph: number): string =>
  glyph < CLUSTERS_FROM ? String.fromCodePoint(glyph || 0x20) : (clusters[glyph - CLUSTERS_FROM] ?? ' ');

/** Cells of a UTF-16 unit that is a character by itself; 0: look at the whole text (graphemeAt). */
export function unitWidth(unit: number): number {
  let width = widths[unit]!;
  if (width === 0) {
    const alone = unit < 0x20 || (unit >= 0x7f && unit < 0xa1) || (unit >= 0xd800 && unit < 0xe000);
    const cells = alone ? 0 : stringWidth(String.fromCharCode(unit));
    width = widths[unit] = cells === 1 || cells === 2 ? cells : ALONE;
  }
  return width === ALONE ? 0 : width;
}

/** Noncharacters of Unicode: a program may use them inside its own texts; they have no cells. */
export const isNoncharacter = (unit: number): boolean => unit >= 0xfdd0 && unit <= 0xfdef;

const FIRST_MARK = 0x300;
/** Vowels and final consonants of Korean: they join the syllable before them. */
const isJamo = (unit: number): boolean => unit >= 0x1160 && unit <= 0x11ff;

/** Whether a unit may belong to the character before it. */
export const mayJoin = (unit: number): boolean =>
  unit >= FIRST_MARK && (unitWidth(unit) === 0 || isJamo(unit)) && !isNoncharacter(unit);

const segmenter = new Intl.Segmenter();
/** No grapheme is longer on a terminal, in UTF-16 units. */
const LONGEST = 64;

/** The grapheme that begins at `at`: its length in UTF-16 units, its cells, its glyph. Controls have no cells. */
export function graphemeAt(text: string, at: number): { length: number; width: number; glyph: number } {
  const { segment } = segmenter.segment(text.slice(at, at + LONGEST)).containing(0)!;
  const width = Math.min(2, stringWidth(segment));
  const code = segment.codePointAt(0)!;
  const single = segment.length === (code > 0xffff ? 2 : 1);
  return { length: segment.length, width, glyph: single ? code : clusterId(segment) };
}

function clusterId(cluster: string): number {
  const known = clusterIds.get(cluster);
  if (known !== undefined) return known;
  if (clusters.length >= MOST_CLUSTERS) return REPLACEMENT;
  clusterIds.set(cluster, CLUSTERS_FROM + clusters.length);
  return CLUSTERS_FROM + clusters.push(cluster) - 1;
}
