// Plain English: words.json has what is not said here, and what is said instead.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.ts';
import { partsOf, wrongWords } from './wording.ts';

/** Rooms and pages whose words have not been gone over yet. */
const NOT_YET: readonly string[] = [];

const isDone = (path: string): boolean => !NOT_YET.some((part) => path === part || path.startsWith(`${part}/`));
const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => pattern.test(path) && isDone(path))
    .sort();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const sources = filesIn('src', /\.tsx?$/).map((path) => ({ path, ...partsOf(read(path), path) }));
const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'man/iopftop.1'].filter(isDone),
  ...filesIn('docs', /\.md$/),
  ...filesIn('completions', /iopftop/),
];

it('texts of the program', () => {
  expect(sources.flatMap(({ path, texts }) => wrongWords(texts, path))).toEqual([]);
});

it('comments', () => {
  expect(sources.flatMap(({ path, comments }) => wrongWords(comments, path))).toEqual([]);
});

it('pages, the manual page and the completions', () => {
  expect(pages.flatMap((path) => wrongWords(read(path), path))).toEqual([]);
});
