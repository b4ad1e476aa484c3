// Sequences: a beginning that leads to where the interesting things are, and random steps after it.
import * as fc from 'fast-check';
import { type Step, step } from './play.ts';
import type { Kind } from './world.ts';

const newest = { file: 0 };
const on = (kind: Kind, ref = 0) => ({ kind, ref });
const hwpt = (flags: number, pt: { kind: Kind; ref: number }, data: number[] = [0, 0]): Step => [
  'hwptAlloc',
  { ...newest, dev: 0, on: pt, flags, fault: 0, data, pagetable: 0, reserved: 0 },
];
const device = (flags: number): Step[] => [
  ['ioasAlloc', { ...newest, flags: 0 }],
  ['mock', { ...newest, on: on('ioas'), flags }],
  ['faultAlloc', { ...newest, flags: 0 }],
];
const attach: Step = ['replace', { ...newest, stdev: 0, to: on('hwpt') }];
const attachPasid: Step = ['pasidAttach', { ...newest, stdev: 0, pasid: 1, to: on('hwpt') }];

const beginnings: readonly Step[][] = [
  [],
  device(4),
  [...device(0), hwpt(4, on('ioas')), attach],
  [...device(4), hwpt(12, on('ioas')), attach, attachPasid],
  [...device(4), hwpt(9, on('ioas')), hwpt(12, on('hwpt'), [0xdead, 8]), attach],
];

/** Of up to `most` random steps. */
export const sequence = (most = 80): fc.Arbitrary<Step[]> =>
  fc
    .tuple(fc.constantFrom(...beginnings), fc.array(step, { maxLength: most, size: 'max' }))
    .map(([beginning, rest]) => [...beginning, ...rest]);
