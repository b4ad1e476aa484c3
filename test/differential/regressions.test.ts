// Sequences that random runs once found to differ, each with the kernel's reason. They stay the same from now on.
import { describe, expect, test } from 'vitest';
import { lab } from './lab.ts';
import { play, type Step } from './play.ts';
import { attach, delivering } from './sequences.ts';

const found = await lab();

const trigger: Step = ['trigger', { file: 0, dev: 0, pasid: 0, grpid: 0, addr: 0, perm: 1, partial: false }];
const read: Step = ['read', { file: 0, count: 2560 }];
const answer = (...cookies: number[]): Step => [
  'write',
  { file: 0, responses: cookies.map((cookie) => [cookie, 0]), extra: 0 },
];

const sequences: Record<string, Step[]> = {
  // copy_to_user copies as far as the memory goes.
  'what an ioctl writes through a pointer goes as far as the memory does': [
    ...delivering,
    ['iovaRanges', { file: 0, ioas: 0, room: 4, where: 'end' }],
    ['hwInfo', { file: 0, dev: 0, flags: 0, room: 64, where: 'end' }],
    ['hwInfo', { file: 0, dev: 0, flags: 0, room: 64, where: 'nowhere' }],
  ],
  // iommufd_fault_fops_write erases index 0 of an array that keeps it busy, and xa_alloc then hands it out.
  'answering cookie 0 while a group is outstanding makes 0 the next cookie': [
    ...delivering,
    trigger,
    read,
    answer(0),
    trigger,
    read,
    answer(0),
    trigger,
    trigger,
    read,
  ],
  'with nothing outstanding it does not': [...delivering, answer(0), trigger, read],
  'and for good, even when nothing is outstanding in between': [
    ...delivering,
    trigger,
    read,
    answer(0, 1),
    answer(1),
    trigger,
    read,
  ],
  'cookie 0 outstanding alone and answered is free again': [
    ...delivering,
    trigger,
    read,
    answer(0),
    trigger,
    read,
    answer(1, 0),
    trigger,
    read,
  ],
  'cookie 0 outstanding alone while another is read: 0 stays in use, then free': [
    ...delivering,
    trigger,
    read,
    answer(0),
    trigger,
    read,
    answer(1),
    trigger,
    read,
    answer(0),
    trigger,
    trigger,
    read,
  ],
  'a replace answers cookie 0 too': [
    ...delivering,
    trigger,
    read,
    answer(0),
    trigger,
    read,
    ['replace', { file: 0, stdev: 0, to: { kind: 'ioas', ref: 0 } }],
    attach,
    trigger,
    read,
  ],
  // copy_to_user() of iommufd_fault_fops_read() goes as far as it can; the group is given back whole, and keeps its place.
  'a read into memory that ends within a record': [
    ...delivering,
    trigger,
    ['readAcross', { file: 0, room: 39, more: 40 }],
    read,
  ],
  'a read into memory that ends within the second group': [
    ...delivering,
    trigger,
    trigger,
    trigger,
    ['readAcross', { file: 0, room: 100, more: 40 }],
    read,
  ],
  'the flags of the old container calls are looked at before their IOAS': [
    ...[0x3b71, 0x3b72].map(
      (nr): Step => ['raw', { kind: 'context', file: 0, ioctl: { name: `${nr}`, nr }, size: 40, dirty: [4] }],
    ),
  ],
  'with more than 64 outstanding': [
    ...delivering,
    ...Array.from({ length: 70 }, () => trigger),
    read,
    read,
    answer(0),
    trigger,
    read,
    ...Array.from({ length: 64 }, (_, i) => answer(i)),
    trigger,
    read,
    ...Array.from({ length: 70 }, (_, i) => answer(i)),
    trigger,
    read,
  ],
};

describe('on both kernels', () => {
  test.for(Object.entries(sequences))('%s', ([, steps], { skip }) => {
    if ('missing' in found) return skip(found.missing);
    expect(play(found.players, steps).difference?.log.join('\n')).toBeUndefined();
  });
});
