// What is shown, at which size and after which keys. A step is keys to press, which waits until the program has come to
// rest, or a pattern to wait for on the screen; `lab` runs it on the real kernel in the lab.

const ESC = '\x1b';
/** Simulated time has come to its end. The first key takes the line away that says so. */
const STILL = /stands still/;

/** Simulated time, which stands still at `at`: the same seed and keys give the same bytes. */
const mock = (name, columns, rows, scenario, at, steps) => ({
  name: `${name}-${columns}x${rows}`,
  columns,
  rows,
  args: [
    ['--scenario', scenario, '--seed', '42', '--virtual-time', '--pause-at', at],
    ...(scenario === 'tour' ? [['--rules', 'scripts/screenshots/rules.toml']] : []),
  ].flat(),
  steps: [STILL, ESC, ...steps],
});

/** Half a minute of a tour: an answer by hand, and the group that the hung device waits for is selected. */
const TOUR_AT = '32s';
const TOUR = ['s', 'j'];

/** On the real kernel time is the kernel's, and ages and times of arrival differ from run to run. */
const LIVE = [/ C \w+ hung /, 's', / S 1 /, 's', / S 2 /, 'i', / I 1 /, 'm', / S 3 /, /oldest 1\d\.\d s/];

export const SHOTS = [
  mock('overview', 80, 24, 'tour', TOUR_AT, TOUR),
  mock('overview', 120, 40, 'tour', TOUR_AT, TOUR),
  mock('overview', 200, 60, 'tour', TOUR_AT, TOUR),
  mock('detail', 120, 40, 'tour', TOUR_AT, ['3', 'jj', '\r', /iommu_hwpt_pgfault/]),
  mock('statistics', 120, 40, 'tour', TOUR_AT, ['5', /Hot pages/]),
  mock('replace', 100, 30, 'stuck', '4s', ['j', 'r', /Cancel/]),
  mock('quit', 100, 30, 'stuck', '4s', ['q', /Cancel/]),
  mock('help', 100, 40, 'stuck', '4s', ['?', /Help/]),
  {
    name: 'lab-120x40',
    columns: 120,
    rows: 40,
    lab: true,
    args: ['--backend', 'selftest', '--scenario', 'tour', '--seed', '42'],
    steps: LIVE,
  },
];
