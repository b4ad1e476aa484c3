// Sequences: a beginning that leads to where the interesting things are, and random steps after it.
import * as fc from 'fast-check';
import { type Step, step } from './play.ts';
import { NEWEST } from './world.ts';

const of = { file: 0 };
const ioas = { kind: 'ioas', ref: NEWEST };
const hwpt = { kind: 'hwpt', ref: NEWEST };
const alloc = (flags: number, on: { kind: string; ref: number }, data: number[] = [0, 0]): Step => [
  'hwptAlloc',
  { ...of, dev: NEWEST, on, flags, fault: NEWEST, data, pagetable: 0, reserved: 0 },
];
const device = (flags: number): Step[] => [
  ['ioasAlloc', { ...of, flags: 0 }],
  ['mock', { ...of, on: ioas, flags }],
  ['faultAlloc', { ...of, flags: 0 }],
];
/** Attaches the newest device to the newest HWPT. */
export const attach: Step = ['replace', { ...of, stdev: NEWEST, to: hwpt }];
const attachPasid = (pasid = 1): Step => ['pasidAttach', { ...of, stdev: NEWEST, pasid, to: hwpt }];
/** The device itself on an HWPT without a fault object, so that its PASIDs alone keep faults coming. */
const pasidsAlone = [...device(4), alloc(8, ioas), attach, alloc(12, ioas)];
const nested = [...device(4), alloc(9, ioas), alloc(12, hwpt, [0xdead, 8]), attach];

/** A device on a paging HWPT with a fault object. */
export const delivering: Step[] = [...device(0), alloc(4, ioas), attach];

const beginnings: readonly Step[][] = [
  [],
  device(4),
  delivering,
  [...device(4), alloc(12, ioas), attach, attachPasid()],
  nested,
  [...nested, alloc(12, ioas), attachPasid()],
  [...pasidsAlone, attachPasid(), alloc(12, ioas)],
  [...pasidsAlone, attachPasid(1024), alloc(12, ioas)],
  [
    ['vfioOpen', { number: 1 }],
    ['vfioBind', { ...of, device: 0, flags: 0 }],
    ['ioasAlloc', { ...of, flags: 0 }],
    ['faultAlloc', { ...of, flags: 0 }],
    alloc(12, ioas),
    ['vfioAttach', { device: 0, to: hwpt }],
  ],
];

/** Of up to `most` random steps. */
export const sequence = (most = 120): fc.Arbitrary<Step[]> =>
  fc
    .tuple(fc.constantFrom(...beginnings), fc.array(step, { maxLength: most, size: 'max' }))
    .map(([beginning, rest]) => [...beginning, ...rest]);
