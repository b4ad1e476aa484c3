// Numbers of a run → ratios, goals, and a table in Markdown.

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('median of no values');
  return (lower + upper) / 2;
}

/** @param {number} ratio */
const times = (ratio) => `${ratio.toFixed(2)} ×`;

/**
 * @typedef {'c' | 'iopftop'} Side
 * @typedef {Record<Side, Record<string, number>>} Round what each side measured
 * @typedef {{faults: number, more: number, bytesPerFault: number, growth: number}} Memory
 * @typedef {{faults: number, lab: Record<'drain' | 'latency', Round[]>,
 *   startup: Record<'host' | 'lab', Record<'node' | 'frame' | 'version', number[]>>,
 *   resident: Record<'node' | 'headless' | 'screen', number[]>, memory: Memory}} Run
 * @typedef {{c: number, js: number}} Pair of medians
 */

/**
 * Rows of the table: `met` is the goal, `ok` the limit.
 *
 * @param {Run} run
 */
export function rows({ faults, lab, startup, resident, memory }) {
  /** @param {Round[]} list @param {Side} side @param {string} key */
  const of = (list, side, key) => median(list.map((round) => round[side][key] ?? Number.NaN));
  /** @param {string} key */
  const drain = (key) => ({ c: of(lab.drain, 'c', key), js: of(lab.drain, 'iopftop', key) });
  const warm = drain('ns');
  const first = drain('first');
  const answer = { c: of(lab.latency, 'c', 'median'), js: of(lab.latency, 'iopftop', 'median') };
  const tail = { c: of(lab.latency, 'c', 'p99'), js: of(lab.latency, 'iopftop', 'p99') };
  /** @param {string} name @param {string} peer @param {number[]} ours @param {number[]} theirs @param {number} most */
  const beside = (name, peer, ours, theirs, most) => {
    const ratio = median(ours) / median(theirs);
    return { name, peer, ratio, goal: `≤ ${most}`, met: ratio <= most };
  };
  /** @param {'host' | 'lab'} where @param {'frame' | 'version'} what @param {string} name @param {number} most */
  const start = (where, what, name, most) => {
    const { [what]: ours, node } = startup[where];
    return { ...beside(name, '`node -e 0`', ours, node, most), ok: true };
  };
  /**
   * Memory hardly depends on the machine's load, so that its limit is near the goal.
   *
   * @param {'headless' | 'screen'} what @param {string} name @param {number} most
   */
  const held = (what, name, most) => {
    const row = beside(name, 'idle `node`', resident[what], resident.node, most);
    return { ...row, ok: row.ratio <= 1.25 * most };
  };
  /** @param {string} name @param {Pair} pair @param {boolean} goal */
  const drained = (name, { c, js }, goal) => {
    const ratio = c / js;
    return {
      name,
      peer: 'C',
      ratio,
      goal: goal ? '≥ 0.9' : '',
      met: ratio >= 0.9,
      ok: !goal || ratio >= 0.7,
    };
  };
  /** @param {string} name @param {Pair} pair @param {boolean} goal */
  const waited = (name, { c, js }, goal) => {
    const ratio = js / c;
    return {
      name,
      peer: 'C',
      ratio,
      goal: goal ? '≤ 2' : '',
      met: ratio <= 2,
      ok: !goal || ratio <= 2,
    };
  };
  return {
    ratios: [
      drained(`drain rate, ${faults} pending faults`, warm, true),
      drained('the same, first drain of the process', first, false),
      waited('trigger to answer, median', answer, true),
      waited('trigger to answer, 99th percentile', tail, false),
      start('lab', 'frame', 'exec to first frame, in the lab', 1.5),
      start('host', 'frame', 'exec to first frame, outside', 1.2),
      start('host', 'version', '`--version`, outside', 1.4),
      held('headless', 'resident memory on the mock, `--headless`', 1.8),
      held('screen', 'resident memory on the mock, with the screen', 2.4),
    ],
    memory,
  };
}

/** @param {ReturnType<typeof rows>} report */
export function markdown({ ratios, memory }) {
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const table = ratios.map((r) =>
    line([r.name, r.peer, times(r.ratio), r.goal && `${r.goal}${r.met ? '' : ' (missed)'}`]),
  );
  /** @param {number} n */
  const count = (n) => `${n / 1e6} million`;
  return [
    line(['', 'peer', 'ratio', 'goal']),
    '|---|---|---|---|',
    ...table,
    '',
    `A history of ${count(memory.faults)} faults takes ${memory.bytesPerFault.toFixed(0)} bytes per fault; ` +
      `from there to ${count(memory.more)} faults it grows by ${(memory.growth / 1024).toFixed(0)} KiB.`,
    '',
  ].join('\n');
}
