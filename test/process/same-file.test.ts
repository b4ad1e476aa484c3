import { describe, expect, it } from 'vitest';
import { compareQuietly, isSameFile } from '../../src/process/same-file.ts';
import type { Fd } from '../../src/uapi/ids.ts';
import { World } from './world.ts';

/** Duplicates of descriptors 4 and 5, which are one queue, and of 6, which is another. */
function duplicates(kcmp: boolean) {
  const world = new World();
  const { fd } = world.queue(4);
  world.open(5, fd);
  world.queue(6);
  world.processes.kcmp = kcmp;
  const [four, five, six] = [4, 5, 6].map((number) => world.processes.pidfdGetfd(0 as Fd, number) as Fd);
  return { ...world, processes: world.processes, four: four!, five: five!, six: six! };
}

describe('two descriptors', () => {
  for (const kcmp of [true, false]) {
    it(`are the same open file or not: ${kcmp ? 'kcmp' : 'by a flag'}`, () => {
      const { processes, four, five, six } = duplicates(kcmp);
      expect(isSameFile(processes, four, five)).toBe(true);
      expect(isSameFile(processes, five, four)).toBe(true);
      expect(isSameFile(processes, four, six)).toBe(false);
      expect(isSameFile(processes, four, four)).toBe(true);
      for (const fd of [four, five, six]) expect(processes.fileFlags(fd)).toBe(2);
    });
  }

  it('cannot be compared without leaving a trace where there is no kcmp', () => {
    const { processes, four, five } = duplicates(false);
    expect(compareQuietly(processes, four, five)).toBeNull();
  });

  it('that differ in their flags are not, and nothing is tried', () => {
    const { processes, four, six } = duplicates(false);
    processes.setFileFlags(six, 0o4002);
    expect(isSameFile(processes, four, six)).toBe(false);
    expect(processes.fileFlags(six)).toBe(0o4002);
  });

  it('of which one is not open are a bug of ours', () => {
    const { processes, four } = duplicates(false);
    expect(() => isSameFile(processes, four, 999 as Fd)).toThrow(RangeError);
  });
});
