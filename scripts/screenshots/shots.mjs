// What is shown, at which size and after which keys. A step is a key to press, or a pattern to wait for on the screen;
// `lab` runs it on the real kernel in the lab.

/** A few answers, so that something has been answered, something waits, and a device is hung. */
const TOUR = [/ HUNG /, 's', / S 1 /, 's', / S 2 /, 'i', / I 1 /, 'm', / S 3 /, /oldest 1\d\.\d s/];
const OLD = /oldest [3-9]\.\d s/;

const mock = (name, columns, rows, scenario, steps) => ({
  name: `${name}-${columns}x${rows}`,
  columns,
  rows,
  args: ['--scenario', scenario, '--seed', '42'],
  steps,
});

export const SHOTS = [
  mock('overview', 80, 24, 'tour', [...TOUR, '1', 'Gk', /▶ nvme0 .*hung for/]),
  mock('overview', 120, 40, 'tour', TOUR),
  mock('overview', 200, 60, 'tour', TOUR),
  mock('replace', 100, 30, 'stuck', [OLD, 'r', /Cancel/]),
  mock('quit', 100, 30, 'stuck', [OLD, 'q', /Cancel/]),
  mock('help', 100, 40, 'stuck', [OLD, '?', /Help/]),
  {
    name: 'lab-120x40',
    columns: 120,
    rows: 40,
    lab: true,
    args: ['--backend', 'selftest', '--scenario', 'tour', '--seed', '42'],
    steps: TOUR,
  },
];
