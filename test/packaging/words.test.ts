// Plain English: words.json has what is not said here, and what is said instead.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.ts';
import { partsOf, wrongWords } from './wording.ts';

const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => pattern.test(path))
    .sort();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const sources = filesIn('src', /\.tsx?$/).map((path) => ({ path, ...partsOf(read(path), path) }));
const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'man/iopftop.1'],
  ...filesIn('docs', /\.md$/),
  ...filesIn('completions', /iopftop/),
];

it('texts of the program', () => {
  expect(sources.flatMap(({ path, texts }) => wrongWords(texts, path, 'texts'))).toEqual([]);
});

it('comments', () => {
  expect(sources.flatMap(({ path, comments }) => wrongWords(comments, path))).toEqual([]);
});

it('pages, the manual page and the completions', () => {
  expect(pages.flatMap((path) => wrongWords(read(path), path))).toEqual([]);
});

it('finds a word in texts, in what stands between the values of a template, in JSX and over the end of a line', () => {
  const source = `import { anew } from './anew.ts';
type Kind = 'is told';
// It goes
// on, for want of a better word.
export const mend = (wants: string) => wants + 'anew' + \`\${wants} is no time of \${\`it \${wants('bears')} mends\`}\`;
const page = <Text>isn't it {wants} all the same</Text>; /* but for this */
const path = /anew/; // A path.
`;
  const { texts, comments } = partsOf(source, 'a.tsx');
  const places = (text: string) => wrongWords(text, 'a.tsx', 'texts').map((line) => line.split(', better')[0]);
  expect(places(texts)).toEqual([
    'a.tsx:5: "mends"',
    'a.tsx:5: "anew"',
    'a.tsx:5: "bears"',
    'a.tsx:5: "is no"',
    'a.tsx:6: "all the same"',
  ]);
  expect(places(comments)).toEqual(['a.tsx:3: "goes on"', 'a.tsx:4: "for want of"', 'a.tsx:6: "but for"']);
});

it('leaves alone what only looks alike', () => {
  const fine =
    'There is no group. It is no longer there; wants-more, amend, unmended, forbears. Whatever it is: the way out.';
  expect(wrongWords(fine, 'a.md')).toEqual(['a.md:1: "Whatever", better: the user, the owner, anything that']);
  expect(wrongWords('a remedy of kind mend', 'src/doctor/check.ts')).toEqual([]);
  expect(wrongWords('a remedy of kind mend', 'src/doctor/run.ts')).toHaveLength(1);
});
