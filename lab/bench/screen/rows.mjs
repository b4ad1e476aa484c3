// What was measured of the screen → rows of a table with their goals, in Markdown.

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(1)} %`;
/** @param {number} value */
const ms = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
/** @param {number} ratio */
const times = (ratio) => `${ratio.toFixed(2)} ×`;

/** @param {number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * `met` is the goal; `ok`, what --strict asks for, has a margin for a busy machine.
 *
 * @param {string} name @param {number} value @param {number} goal @param {(value: number) => string} show
 */
const atMost = (name, value, goal, show) => ({
  name,
  shown: show(value),
  goal: `≤ ${show(goal)}`,
  met: value <= goal,
  ok: value <= 2 * goal,
  ratio: value / goal,
});
/** @param {string} name @param {string} shown */
const asSeen = (name, shown) => ({ name, shown, goal: '', met: true, ok: true, ratio: 0 });

/**
 * What the rows need of each measurement (measures.mjs).
 *
 * @typedef {{faults: number, dropped: number}} Counters
 * @typedef {{size: [columns: number, rows: number], overview: {main: number}, stream: {main: number}, frames: number,
 *   perFrame: number, latency: number[], report: {given: number, wrong: number, counters: Counters}}} Flood
 * @typedef {{share: number, htop: number | null}} Idle
 * @typedef {{flood: Flood[], quiet: {perFrame: number}, idle: Idle, slow: {block: {longest: number[]}, key: number},
 *   memory: {before: number, after: number, views: number, counters: Counters}, noHtop: string | null}} ScreenRun
 */

/** @param {Flood} flood */
function floodRows({ size, overview, stream, frames, perFrame, latency, report }) {
  const at = `${size[0]}×${size[1]}`;
  const { counters, wrong } = report;
  const lost = Math.abs(report.given - counters.faults) + counters.dropped + wrong;
  return [
    atMost(`${at}: main thread's share of a core`, Math.max(overview.main, stream.main), 0.1, percent),
    atMost(`${at}: faults lost, of ${(counters.faults / 1e6).toFixed(1)} million`, lost, 0, String),
    asSeen(`${at}: frames per second; bytes per frame, stream`, `${frames.toFixed(1)}; ${perFrame.toFixed(0)}`),
    asSeen(`${at}: key to screen, median`, ms(quantile(latency, 0.5))),
    atMost(`${at}: key to screen, 99th percentile of ${latency.length}`, quantile(latency, 0.99), 50, ms),
  ];
}

/** @param {Idle} idle @param {string | null} why there is no htop */
function htopRow({ share, htop }, why) {
  if (htop === null) return asSeen('the same, against htop', why ?? 'no htop');
  return atMost('the same, against htop at the same refresh', share / htop, 1.5, times);
}

/** @param {ScreenRun} run */
export function screenRows({ flood, quiet, idle, slow, memory, noHtop }) {
  return [
    ...flood.flatMap((one) => floodRows(one)),
    atMost('only ages change: bytes per frame', quiet.perFrame, 2_048, (n) => n.toFixed(0)),
    atMost('no faults: share of a core, all threads', idle.share, 0.005, percent),
    htopRow(idle, noHtop),
    atMost(
      'flood over a 20 KB/s link: longest turn of the event loop (CPU time)',
      slow.block.longest[0] ?? Number.NaN,
      20,
      ms,
    ),
    atMost('flood over a 20 KB/s link: key to screen, terminal buffer full', slow.key, 1_500, ms),
    atMost(
      `${(memory.counters.faults / 1e6).toFixed(1)} million faults, ${memory.views} views: memory at the end against after 0.36 million`,
      memory.after / memory.before,
      1.1,
      times,
    ),
  ];
}

/** @param {ReturnType<typeof screenRows>} rows */
export function screenMarkdown(rows) {
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['the screen, at 100,000 faults/s unless stated otherwise', 'measured', 'goal']),
    '|---|---|---|',
    ...rows.map((r) => line([r.name, r.shown, r.goal && `${r.goal}${r.met ? '' : ' (missed)'}`])),
    '',
  ].join('\n');
}
