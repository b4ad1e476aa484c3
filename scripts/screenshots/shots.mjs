// What is shown, at which size and after which keys. A step is keys to press, which waits until the program has come to
// rest, or a pattern to wait for on the screen; `lab` is a command on the real kernel in the lab.
import { labPaths } from '../../lab/paths.mjs';

const RULES = 'scripts/screenshots/rules.toml';
const ESC = '\x1b';
/** Simulated time has come to its end. The first key closes the line that says so. */
export const STILL = /Simulated time .*\bat \d/;

/**
 * @typedef {object} Shot
 * @property {string} name
 * @property {number} columns
 * @property {number} rows
 * @property {string[]} [args] of iopftop
 * @property {string[]} [lab] the command in the lab, where it is one
 * @property {(string | RegExp)[]} steps
 */

/**
 * Simulated time, which is stopped at `at`: the same seed and keys give the same bytes.
 *
 * @param {string} name @param {[columns: number, rows: number]} size
 * @param {{scenario: string, at: string}} run @param {(string | RegExp)[]} steps
 * @returns {Shot}
 */
const mock = (name, [columns, rows], { scenario, at }, steps) => ({
  name: `${name}-${columns}x${rows}`,
  columns,
  rows,
  args: [
    ['--scenario', scenario, '--seed', '42', '--virtual-time', '--pause-at', at],
    ...(scenario === 'tour' ? [['--rules', RULES]] : []),
  ].flat(),
  steps: [STILL, ESC, ...steps],
});

/** Half a minute of a tour: an answer by hand, and the group that the hung device waits for is selected. */
const TOUR = { scenario: 'tour', at: '32s' };
const TOUR_STEPS = ['s', 'j'];
const STUCK = { scenario: 'stuck', at: '4s' };

/**
 * On the real kernel time is the kernel's. What arrives and in which order is the seed's, also there; ages, times and
 * latencies differ from run to run.
 */
const LIVE = [/nvme0 has been stuck for 1\d\.\d s/, 's', /Done: \w+ → group/, 'j', /▶ .*nvme0/];

/** @type {Shot[]} */
export const SHOTS = [
  mock('overview', [80, 24], TOUR, TOUR_STEPS),
  mock('overview', [120, 40], TOUR, TOUR_STEPS),
  mock('overview', [200, 60], TOUR, TOUR_STEPS),
  mock('detail', [120, 40], TOUR, ['3', 'jj', '\r', /iommu_hwpt_pgfault/]),
  mock('statistics', [120, 40], TOUR, ['5', /Hot pages/]),
  mock('replace', [100, 30], STUCK, ['j', 'r', /Cancel/]),
  mock('quit', [100, 30], STUCK, ['q', /Cancel/]),
  mock('help', [100, 40], STUCK, ['?', /Help/]),
  {
    name: 'lab-120x40',
    columns: 120,
    rows: 40,
    lab: ['iopftop', '--backend', 'selftest', '--scenario', 'tour', '--seed', '42', '--rules', RULES],
    steps: LIVE,
  },
  {
    name: 'owner-120x40',
    columns: 120,
    rows: 40,
    lab: ['sh', 'scripts/screenshots/hung-owner.sh', labPaths().directory],
    steps: [/at 1\d of 1\d polls/, '8', /What can be done/],
  },
];

/**
 * A moving picture: the same run, seen every `every` seconds of its simulated time, and at its end the operator's keys.
 *
 * @typedef {object} Movie
 * @property {string} name
 * @property {number} columns
 * @property {number} rows
 * @property {string[]} args
 * @property {{from: number, to: number, every: number, shown: number}} time `shown`: seconds for which each frame is seen
 * @property {[from: number, text: string][]} captions what happens, from that time on
 * @property {{keys: string, caption: import('./movie.mjs').Caption, shown: number}[]} keys
 */

/** @type {Movie[]} */
export const MOVIES = [
  {
    name: 'tour',
    columns: 110,
    rows: 34,
    args: ['--scenario', 'tour', '--seed', '42', '--rules', RULES],
    time: { from: 1, to: 9.5, every: 0.5, shown: 0.45 },
    captions: [
      [0, 'Devices fault. Rules answer some groups; the rest wait for you.'],
      [3.5, 'nvme0 waits for an answer and does nothing else.'],
      [8, 'nvme0 is stuck: its fault was not answered in time.'],
    ],
    keys: [
      { keys: 'j', caption: { key: 'j', text: 'down' }, shown: 0.7 },
      { keys: 'j', caption: { key: 'j', text: 'to the group that nvme0 waits for' }, shown: 1.6 },
      { keys: 's', caption: { key: 's', text: 'answer SUCCESS: the group is answered, the alarm is over' }, shown: 4 },
    ],
  },
];
