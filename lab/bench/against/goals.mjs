// The goals of a comparison as one table, and what was measured → its rows, in Markdown.
import { median } from '../report.mjs';
import { quantile } from '../screen/rows.mjs';
import { joined } from './turns.mjs';

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(1)} %`;
/** @param {number} value */
const ms = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
/** @param {number} value */
const bytes = (value) => `${value.toFixed(0)} B`;
/** @param {number} value */
const times = (value) => `${value.toFixed(2)} ×`;
/** @param {number} value */
const mebibytes = (value) => `${(value / 2 ** 20).toFixed(1)} MiB`;

/**
 * How much two runs of the same program differ on a shared machine with two CPUs; added where the goal is "no later than before".
 */
const NOISE = { dialog: 0.15, start: 0.05 };
/** Turns whose ratios are shown as a range: single starts vary too much. */
const RANGE_OF = 4;
/** The margin of --strict, for a busy machine. */
const STRICT = { ratio: 1.25, most: 2 };

/**
 * @typedef {object} Goal
 * @property {string} name
 * @property {string} from the measurement (run.mjs)
 * @property {number} [share] the quantile; default: the median
 * @property {(value: number) => string} show
 * @property {number} [ratio] to `before`, at most
 * @property {number} [noise] that is added to it
 * @property {number} [most] of the program as it is now, at most
 */

/** @type {Goal[]} */
export const GOALS = [
  ...['200x60', '120x40'].flatMap((size) => warmGoals(size)),
  { name: '200×60, 2,000 faults/s: key to screen, median', from: 'calm.keys', show: ms, ratio: 1.5 },
  { name: 'the same, 99th percentile', from: 'calm.keys', share: 0.99, show: ms, most: 20 },
  ...['help', 'palette'].map((name) => ({
    name: `200×60, 2,000 faults/s: the dialog of ${name} opens`,
    from: `calm.${name}`,
    show: ms,
    ratio: 1,
    noise: NOISE.dialog,
  })),
  { name: 'exec to first frame', from: 'start.frame', show: ms, ratio: 1, noise: NOISE.start },
  { name: 'exec to first complete screen', from: 'start.complete', show: ms, ratio: 1.1 },
  {
    name: "main thread's heap after 50,000 frames, against after 10,000",
    from: 'heap.growth',
    show: times,
    most: 1.1,
  },
  { name: "main thread's heap after 50,000 frames", from: 'heap.end', show: mebibytes },
];

/** @param {string} size @returns {Goal[]} */
function warmGoals(size) {
  // Goals are of the large screen; the small one is shown beside it.
  const large = size === '200x60';
  /** @template T @param {T} goal */
  const of = (goal) => (large ? goal : {});
  const at = size.replace('x', '×');
  const share = { show: percent, ...of({ ratio: 1.2, most: 0.05 }) };
  return [
    { name: `${at}: main thread's share of a core, overview, warm`, from: `${size}.overview`, ...share },
    { name: `${at}: the same, stream`, from: `${size}.stream`, ...share },
    {
      name: `${at}: the same, the first ten seconds after the first screen`,
      from: `${size}.first`,
      show: percent,
      ...of({ most: 0.08 }),
    },
    { name: `${at}: main thread's CPU time until the first screen`, from: `${size}.load`, show: ms },
    { name: `${at}: key to screen, median`, from: `${size}.keys`, show: ms, ...of({ ratio: 1.5 }) },
    { name: `${at}: key to screen, 99th percentile`, from: `${size}.keys`, share: 0.99, show: ms, ...of({ most: 20 }) },
    { name: `${at}: bytes per frame, overview`, from: `${size}.overviewBytes`, show: bytes, ...of({ ratio: 1.05 }) },
    { name: `${at}: bytes per frame, stream`, from: `${size}.streamBytes`, show: bytes, ...of({ ratio: 1.05 }) },
  ];
}

/** @param {Goal} goal */
function goalText({ ratio, noise, most, show }) {
  const parts = [];
  if (ratio !== undefined) parts.push(`≤ ${times(ratio)}${noise ? ` (+ ${noise.toFixed(2)} noise)` : ''}`);
  if (most !== undefined) parts.push(`≤ ${show(most)}`);
  return parts.join(' and ');
}

/** @typedef {import('./turns.mjs').Turns} Turns */
/** @typedef {Record<string, Turns>} Measured by the name that a goal has in `from` */

/** @param {number[]} values @param {number | undefined} share */
const of = (values, share) => (share === undefined ? median(values) : quantile(values, share));

/** @param {Goal} goal @param {Turns} turns */
function row(goal, turns) {
  const { name, share, ratio: most = Infinity, noise = 0, most: limit = Infinity, show } = goal;
  const before = of(turns.before.flat(), share);
  const now = of(turns.now.flat(), share);
  const ratio = now / before;
  const { before: theirs, now: ours } = joined(turns, RANGE_OF);
  const ratios = ours.map((values, i) => of(values, share) / of(theirs[i] ?? [], share));
  return {
    name,
    before,
    now,
    shown: [show(before), show(now)],
    ratio,
    range: [Math.min(...ratios), Math.max(...ratios)],
    goal: goalText(goal),
    met: ratio <= most + noise && now <= limit,
    ok: ratio <= STRICT.ratio * (most + noise) && now <= STRICT.most * limit,
  };
}

/** Rows of what was measured: with --only, or in the short form, that is not all. @param {Measured} measured */
export const comparisonRows = (measured) =>
  GOALS.flatMap((goal) => {
    const turns = measured[goal.from];
    return turns ? [row(goal, turns)] : [];
  });

/** @param {ReturnType<typeof comparisonRows>} rows @param {string} sha */
export function comparisonMarkdown(rows, sha) {
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line([
      '100,000 faults/s unless stated otherwise',
      `before (${sha.slice(0, 12)})`,
      'now',
      'ratio (of its turns)',
      'goal',
    ]),
    '|---|---|---|---|---|',
    ...rows.map(({ name, shown, ratio, range, goal, met }) =>
      line([
        name,
        ...shown,
        `${times(ratio)} (${range.map((one) => one.toFixed(2)).join('–')})`,
        goal && `${goal}${met ? '' : ' (missed)'}`,
      ]),
    ),
    '',
  ].join('\n');
}
