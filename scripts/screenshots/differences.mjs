// Where two pictures of a screen differ, in words.

const LETTERS = /<text x="([\d.]+)"[^>]*>([^<]*)<\/text>/g;
/** @type {Record<string, string>} */
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
/** As in svg.mjs: a row of the terminal is a line of the file. */
const CELL_WIDTH = 8.4;
const PADDING = 10;
const MOST = 12;

/** The text of one line of the file, each character in its column. @param {string} line */
function rowText(line) {
  let text = '';
  for (const [, x, character = ''] of line.matchAll(LETTERS)) {
    const column = Math.round((Number(x) - PADDING) / CELL_WIDTH);
    text = text.padEnd(column) + character.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);
  }
  return text;
}

/**
 * What differs between two SVGs of terminalSvg(), the first `MOST` rows of it; empty when nothing does.
 *
 * @param {string} before @param {string} after
 */
export function differences(before, after) {
  if (before === after) return [];
  const [old, now] = [before.split('\n'), after.split('\n')];
  if (old[0] !== now[0]) return ['another size'];
  const rows = now.flatMap((line, i) => {
    if (line === old[i]) return [];
    const [was, is] = [rowText(old[i] ?? ''), rowText(line)];
    // two lines stand before the first row
    return was === is ? [`row ${i - 1}: other colours or lines`] : [`row ${i - 1}: - ${was}`, `row ${i - 1}: + ${is}`];
  });
  return rows.length > MOST ? [...rows.slice(0, MOST), `… and ${rows.length - MOST} more`] : rows;
}
