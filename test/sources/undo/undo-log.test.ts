import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Files } from '../../../src/kernel/files.ts';
import { LinuxFiles } from '../../../src/kernel/linux/files.ts';
import {
  abandonedRecords,
  foreignRecords,
  keepEntries,
  openUndoLog,
  UndoLog,
  undoPlace,
} from '../../../src/sources/undo/undo-log.ts';
import { Refusal } from '../../../src/text/refusal.ts';
import { addProcess, machine, PLACE, WRITER } from '../vfio/host-fixture.ts';

const DRIVER = { kind: 'driver', address: '0000:17:01.0', driver: 'idxd', override: null } as const;
const STOPPED = { kind: 'stopped', pid: 77, startTime: 900 } as const;
const PATH = '/run/iopftop/4321-5000.json';

const text = (files: Files, path: string): string => new TextDecoder().decode(files.read(path));
const there = (files: Files): string[] => files.list('/run/iopftop');

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return `${error.message} | ${error.hint}`;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('an undo log', () => {
  it('is in a directory of its owner, written before the change and gone after the undo', () => {
    const { files } = machine();
    const log = new UndoLog(files, WRITER, PLACE);
    const done = [log.add(DRIVER), log.add(STOPPED)];
    expect(files.status('/run/iopftop')).toMatchObject({ kind: 'directory', mode: 0o700, uid: 0 });
    expect(files.status(PATH)).toMatchObject({ kind: 'file', mode: 0o600, uid: 0 });
    expect(JSON.parse(text(files, PATH))).toEqual({
      format: 'iopftop-undo/1',
      writer: WRITER,
      entries: [DRIVER, STOPPED],
    });
    done[0]?.();
    expect(JSON.parse(text(files, PATH)).entries).toEqual([STOPPED]);
    done[1]?.();
    done[1]?.();
    expect(there(files)).toEqual([]);
  });

  it('that cannot be written keeps the change from being made', () => {
    const { files } = machine({ uid: 1000 });
    const log = new UndoLog(files, WRITER, { directory: '/run/iopftop', uid: 1000 });
    expect(refusal(() => log.add(DRIVER))).toMatch(/^cannot write \/run\/iopftop\/4321-5000\.json \(EACCES\)/);
  });

  it('is that of this process by its number and start time', () => {
    const { machine: made, files } = machine({ pid: 12 });
    addProcess(made, { pid: 12, startTime: 34 });
    expect(openUndoLog(files, PLACE, 12).path).toBe('/run/iopftop/12-34.json');
  });

  it('in a PID namespace whose /proc is another one’s has the number that /proc shows', () => {
    const { machine: made, files } = machine({ pid: 4711 });
    addProcess(made, { pid: 12, startTime: 34 });
    addProcess(made, { pid: 4711, startTime: 56 });
    expect(openUndoLog(files, PLACE, 12).path).toBe('/run/iopftop/4711-56.json');
  });

  it('of another PID namespace is not judged here, though nobody has its number', () => {
    const { files } = machine();
    const log = new UndoLog(files, { ...WRITER, pidNamespace: 'pid:[4026532999]' }, PLACE);
    log.add(DRIVER);
    expect(abandonedRecords(files, PLACE)).toEqual([]);
    expect(foreignRecords(files, PLACE).map(({ path }) => path)).toEqual([PATH]);
  });

  it.each([
    ['root', 0, undefined, '/run/iopftop'],
    ['a user', 1000, '/run/user/1000', '/run/user/1000/iopftop'],
    ['a user without a session', 1000, undefined, '/tmp/iopftop-1000'],
    ['a user whose session names no path', 1000, 'run', '/tmp/iopftop-1000'],
  ])('of %s', (_, uid, runtime, directory) => {
    expect(undoPlace(uid, runtime)).toEqual({ directory, uid });
  });
});

it('the running kernel has the files just so', () => {
  const base = mkdtempSync(join(tmpdir(), 'iopftop-undo-'));
  const [directory, uid, files] = [join(base, 'iopftop'), process.getuid!(), new LinuxFiles()];
  try {
    const log = openUndoLog(files, { directory, uid });
    const done = log.add(STOPPED);
    expect(files.status(directory)).toMatchObject({ kind: 'directory', mode: 0o700, uid });
    expect(files.status(log.path)).toMatchObject({ kind: 'file', mode: 0o600, uid });
    expect(abandonedRecords(files, { directory, uid })).toEqual([]);
    done();
    expect(files.list(directory)).toEqual([]);
  } finally {
    rmSync(base, { recursive: true });
  }
});

describe('a directory that is not ours alone is not used', () => {
  it.each<[string, (files: ReturnType<typeof machine>['files']) => void, RegExp]>([
    ['of somebody else', (f) => f.makeDirectories('/run/iopftop', 0o700, 1000), /belongs to user 1000/],
    ['that others may write to', (f) => f.makeDirectories('/run/iopftop', 0o777), /has mode 0777/],
    ['that is a link', (f) => f.addLink('/run/iopftop', '/tmp'), /is a link, not a directory/],
    ['that is a file', (f) => f.add('/run/iopftop', 'x'), /is a file, not a directory/],
  ])('%s', (_, prepare, message) => {
    const { files } = machine();
    prepare(files);
    expect(refusal(() => new UndoLog(files, WRITER, PLACE).add(DRIVER))).toMatch(message);
    expect(refusal(() => abandonedRecords(files, PLACE))).toMatch(message);
  });
});

describe('records that are left', () => {
  const left = () => {
    const made = machine();
    new UndoLog(made.files, WRITER, PLACE).add(DRIVER);
    return made;
  };

  it('are those whose writer is gone', () => {
    const { files } = left();
    expect(abandonedRecords(files, PLACE)).toEqual([{ path: PATH, writer: WRITER, entries: [DRIVER] }]);
  });

  it('not while it runs; again when it is a zombie, or another process has its number', () => {
    const { machine: made, files } = left();
    addProcess(made, WRITER);
    expect(abandonedRecords(files, PLACE)).toEqual([]);
    addProcess(made, WRITER, 'Z');
    expect(abandonedRecords(files, PLACE)).toHaveLength(1);
    addProcess(made, { ...WRITER, startTime: 5_001 });
    expect(abandonedRecords(files, PLACE)).toHaveLength(1);
  });

  it('nor one that another start has just removed', () => {
    const { files } = left();
    const [record] = abandonedRecords(files, PLACE);
    keepEntries(files, record!, []);
    keepEntries(files, record!, []);
    const { list } = files;
    files.list = (path) => (path === PLACE.directory ? ['4321-5000.json'] : list.call(files, path));
    expect(abandonedRecords(files, PLACE)).toEqual([]);
  });

  it('not those of another boot, nor what is not finished', () => {
    const { files } = left();
    new UndoLog(files, { ...WRITER, pid: 5, bootId: 'boot-2' }, PLACE).add(STOPPED);
    files.add('/run/iopftop/9-9.json.1234', '{"for');
    expect(abandonedRecords(files, PLACE).map(({ path }) => path)).toEqual([PATH]);
  });

  it.each<[string, string, RegExp]>([
    ['torn', '{"format":"iopftop-undo/1","wri', /it is torn/],
    ['empty', '', /it is torn/],
    ['of another program', '{"pid": 3}', /"format" must be/],
    ['of nobody', JSON.stringify({ format: 'iopftop-undo/1', entries: [] }), /which process wrote it/],
    ['without entries', JSON.stringify({ format: 'iopftop-undo/1', writer: WRITER }), /no entries/],
    ...[
      { ...DRIVER, address: '../../0000' },
      { ...DRIVER, driver: 'a/b' },
      { ...DRIVER, override: 3 },
      { kind: 'stopped', pid: 0, startTime: 1 },
      { kind: 'stopped', pid: 1.5, startTime: 1 },
      { kind: 'other' },
      null,
    ].map((entry): [string, string, RegExp] => [
      JSON.stringify(entry),
      JSON.stringify({ format: 'iopftop-undo/1', writer: WRITER, entries: [DRIVER, entry] }),
      /entry 2 is unknown/,
    ]),
  ])('a file that is %s is named, and nothing is done', (_, content, message) => {
    const { files } = left();
    files.add('/run/iopftop/0-0.json', { read: () => content, mode: 0o600 });
    const said = refusal(() => abandonedRecords(files, PLACE));
    expect(said).toMatch(/^cannot use \/run\/iopftop\/0-0\.json: .*nothing was done/);
    expect(said).toMatch(message);
  });

  it.each<[string, number, number]>([
    ['of another user', 1000, 0o600],
    ['that others may write', 0, 0o666],
  ])('nor is a file %s', (_, uid, mode) => {
    const { files } = left();
    files.add('/run/iopftop/0-0.json', { read: () => '{}', mode }, 'file', uid);
    expect(refusal(() => abandonedRecords(files, PLACE))).toMatch(/not a file of this user alone/);
  });
});
