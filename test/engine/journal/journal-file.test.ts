// The journal's file: read backwards in blocks, over what logrotate has left of it, and no further than its limit.
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Journal } from '../../../src/engine/journal/journal.ts';
import { openLineFile } from '../../../src/engine/journal/journal-file.ts';
import { endsLine, linesBackwards } from '../../../src/engine/journal/journal-tail.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-journal-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const file = (text: string): string => {
  const path = join(directory, `journal-${files++}`);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const opened = (path: string, tail?: number) => {
  const file = openLineFile(path, tail);
  file.close();
  return file;
};
const runs = (path: string, tail?: number) =>
  opened(path, tail).before.runs.map(({ run, startedAt }) => [run, startedAt]);

const entry = (t: number, run: string, action: string, more: object = {}): string =>
  `${JSON.stringify({ t, run, action, ...more })}\n`;
const start = (run: string): string => entry(0, run, 'start', { startedAt: `${run}'s` });

describe('lines backwards', () => {
  const text = 'first\n\nsecond ä\nthird, a long one\nlast';
  const bytes = Buffer.byteLength(text);
  const fd = openSync(file(text), 'r');
  afterAll(() => closeSync(fd));

  it.each([1, 2, 3, 5, 7, 16, 1000])('are the same in blocks of %i bytes', (block) => {
    const lines: string[] = [];
    linesBackwards(fd, { from: 0, to: bytes, block }, (line) => lines.push(line));
    expect(lines).toEqual(['last', 'third, a long one', 'second ä', 'first']);
  });

  it('leave out the one that begins before', () => {
    for (let from = 1; from < bytes; from++) {
      const lines: string[] = [];
      linesBackwards(fd, { from, to: bytes, block: 4 }, (line) => lines.push(line));
      for (const line of lines) expect(text.split('\n')).toContain(line);
      expect(lines.length).toBeLessThan(4);
    }
  });

  it('know a last line that is torn', () => {
    expect(endsLine(fd, bytes)).toBe(false);
    expect(endsLine(fd, 6)).toBe(true);
  });
});

describe('a run without an end', () => {
  it('is found beside one that has ended', () => {
    const path = file(start('a') + start('b') + entry(1, 'a', 'answer') + entry(2, 'b', 'end'));
    expect(runs(path)).toEqual([['a', "a's"]]);
  });

  it('is found by its later entries, and its start in what was renamed or copied away', () => {
    const path = file(entry(5, 'a', 'answer'));
    expect(runs(path)).toEqual([['a', null]]);
    writeFileSync(`${path}.1`, start('a') + entry(1, 'a', 'answer'));
    expect(runs(path)).toEqual([['a', "a's"]]);
  });

  it('is found where nothing of it is in the new file, and not where it ended there', () => {
    const path = file('');
    writeFileSync(`${path}.1`, start('a'));
    expect(runs(path)).toEqual([['a', "a's"]]);
    appendFileSync(path, entry(1, 'a', 'end'));
    expect(runs(path)).toEqual([]);
  });

  it('is found at any size: by its last entries, and the start of a file that it has filled', () => {
    const filler = entry(1, 'a', 'answer', { groups: '1-2' }).repeat(1_000);
    const path = file(start('a') + filler);
    const { before: found } = opened(path, 4_096);
    expect(found.runs).toMatchObject([{ run: 'a', startedAt: "a's", lastT: 1 }]);
    expect(found.partly).toEqual({ looked: 4_096, of: readFileSync(path).length });
    expect(opened(path).before.partly).toBe(null);
  });

  it('is told where the file is read to its limit, over both files', () => {
    const path = file(start('b') + entry(1, 'b', 'end'));
    const here = readFileSync(path).length;
    writeFileSync(`${path}.1`, start('a') + entry(1, 'x', 'answer').repeat(100));
    const there = readFileSync(`${path}.1`).length;
    expect(opened(path, here + 200).before).toMatchObject({
      runs: [{ run: 'x' }],
      partly: { looked: here + 200, of: here + there },
    });
  });
});

describe('a journal that is rotated under a run', () => {
  const written = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('says again whose the entries are, and what the run has, when it was emptied', () => {
    const path = file('');
    const journal = new Journal(path, openLineFile, 'a');
    journal.write({ t: 0, action: 'start', startedAt: 'S', queues: 'process', owner: { pid: 9, startTime: 4 } });
    journal.write({ t: 1, action: 'taken', pid: 9, queue: 0 });
    journal.write({ t: 1, action: 'taken', pid: 9, queue: 1 });
    journal.write({ t: 2, action: 'queue-closed', pid: 9, queue: 0 });
    copyFileSync(path, `${path}.2`);
    truncateSync(path);
    journal.write({ t: 3, action: 'answer', groups: '1' });
    journal.write({ t: 4, action: 'answer', groups: '2' });
    expect(written(path)).toMatchObject([
      { t: 3, run: 'a', action: 'running', startedAt: 'S', queues: 'process', owner: { pid: 9 }, taken: [1] },
      { t: 3, run: 'a', action: 'answer' },
      { t: 4, run: 'a', action: 'answer' },
    ]);
    expect(journal.entries).toBe(7);
    expect(opened(path).before.runs).toMatchObject([{ run: 'a', startedAt: 'S', taken: true, lastT: 4 }]);
  });

  it('goes on in the file that it opened when that was renamed', () => {
    const path = file('');
    const journal = new Journal(path, openLineFile, 'a');
    journal.write({ t: 0, action: 'start', startedAt: 'S' });
    renameSync(path, `${path}.1`);
    journal.write({ t: 1, action: 'answer', groups: '1' });
    expect(written(`${path}.1`)).toHaveLength(2);
    expect(runs(path)).toEqual([['a', 'S']]);
  });

  it('says nothing again where another run has written', () => {
    const path = file('');
    const [a, b] = ['a', 'b'].map((run) => new Journal(path, openLineFile, run)) as [Journal, Journal];
    for (const journal of [a, b, a, b, a]) journal.write({ t: 0, action: 'start', startedAt: 'S' });
    expect(written(path).map(({ run, action }) => [run, action])).toEqual(
      ['a', 'b', 'a', 'b', 'a'].map((r) => [r, 'start']),
    );
  });
});
