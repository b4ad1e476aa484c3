// Over the files of made-up procfs: the numbers in them are ours, or another PID namespace's.
import { expect, test } from 'vitest';
import { foreignProc, ownNumber, pidNamespace } from '../../src/process/namespace.ts';
import { openProcessById } from '../../src/process/open-process.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { MemoryFiles } from './memory-files.ts';
import { OWN, PID, World } from './world.ts';

function proc(self: string | null, numbers: string | null): MemoryFiles {
  const files = new MemoryFiles();
  if (self !== null) files.links.set('/proc/self', self);
  files.links.set('/proc/self/ns/pid', 'pid:[4026532999]');
  if (numbers !== null) files.texts.set('/proc/self/status', `Name:\tnode\nNSpid:\t${numbers}\n`);
  return files;
}

test('ours', () => {
  for (const files of [proc('12', '12'), proc('12', null)]) {
    expect(foreignProc(files, 12)).toBeNull();
    expect(pidNamespace(files, 12)).toBe('pid:[4026532999]');
    files.links.delete('/proc/self/ns/pid');
    expect(pidNamespace(files, 12)).toBe('');
    files.denied.set('/proc/self/ns', Errno.EACCES);
    expect(pidNamespace(files, 12)).toBeNull();
  }
});

test('that of a host, also where both have the same number; that of a stranger', () => {
  expect(foreignProc(proc('4711', '4711\t12'), 12)?.why).toBe(
    '/proc belongs to another PID namespace: iopftop is PID 12 here and PID 4711 there',
  );
  expect(foreignProc(proc('12', '12\t12'), 12)).not.toBeNull();
  expect(foreignProc(proc(null, null), 12)?.why).toContain('/proc does not show iopftop');
  expect(pidNamespace(proc('4711', '4711\t12'), 12)).toBeNull();
  expect([ownNumber(proc('4711', null), 12), ownNumber(proc(null, null), 12)]).toEqual([4711, 12]);
});

test('no process is opened by a number that may be another one’s', () => {
  const world = new World();
  world.files.links.set('/proc/self', '4711');
  expect(() => openProcessById(world.kernel, world.processes, PID, OWN)).toThrow(
    `process ${PID} cannot be identified: /proc belongs to another PID namespace: iopftop is PID ${OWN} here and PID 4711 there`,
  );
  expect(world.ours.size).toBe(0);
});
