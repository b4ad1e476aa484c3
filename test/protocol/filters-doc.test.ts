// docs/filters.md is made from the tables of variables: `npx vitest run test/protocol/filters-doc.test.ts --update` writes
// it. Its examples are compiled.
import { expect, it } from 'vitest';
import { compileExpectations } from '../../src/engine/rules/expectations.ts';
import { compile } from '../../src/engine/rules/expression.ts';
import { SUMMARY_VARIABLES } from '../../src/protocol/expect-variables.ts';
import { FILTER_VARIABLES } from '../../src/protocol/filter-variables.ts';
import { FILTERED_LISTS, type FilteredList } from '../../src/protocol/messages.ts';

const TITLES: Record<FilteredList, string> = {
  devices: 'Devices',
  pending: 'Pending groups',
  stream: 'Fault stream',
  journal: 'Journal',
};

const ABOUT: Record<FilteredList, string> = {
  devices:
    'A device is judged by itself and by each PASID attached to it; it stays when the expression holds for any of them.',
  pending:
    'A group is judged as a whole. Rules and `respond … when` have the same variables, without `state` and `age`.',
  stream: 'Every record is shown whose group the expression holds for.',
  journal: 'Entries that are in memory; the file has them all.',
};

const EXAMPLES: Record<FilteredList, [expression: string, meaning: string][]> = {
  devices: [
    ['pending > 0 || hung', 'what needs a look'],
    ['handler == "nobody"', 'faults of it are answered INVALID, unseen'],
    ['device.startsWith("gpu") && pasid >= 0', 'the PASIDs of the GPUs'],
  ],
  pending: [
    ['pasid == 5 && age > 1000', 'of PASID 5, for more than a second'],
    ['addr >= 0x10000000 && addr < 0x20000000', 'in a range of addresses'],
    ['write && !read && pasid in [1, 2, 7]', 'writes of some PASIDs'],
    ['repeats > 2', 'pages that came again and again'],
  ],
  stream: [
    ['state == "auto"', 'what the kernel answered by itself'],
    ['device.matches("^nic[0-9]+$") && faults > 1', 'groups of several records of the NICs'],
  ],
  journal: [
    ['action == "answer" && code == "invalid"', 'who answered INVALID'],
    ['cause == "rule" && count > 100', 'rules that answered many at once'],
  ],
};

const EXPECT_EXAMPLES = [
  ['success == groups && invalid == 0', 'every group was answered SUCCESS'],
  ['groups > 0 && outstanding == 0', 'there were groups, and none was without an answer at the end'],
  ['answers > 0 && p99Ns < 5000000', 'answers took less than 5 ms, except one in a hundred'],
  ['auto + gone + dropped + refused == 0', 'nothing was answered by the kernel, lost or refused'],
] as const;

const table = (titles: string[], rows: string[][]): string[] => [
  `| ${titles.join(' | ')} |`,
  `| ${titles.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
];

function section(list: FilteredList): string[] {
  const variables = FILTER_VARIABLES[list].map(({ name, type, meaning }) => [`\`${name}\``, type, meaning]);
  const examples = EXAMPLES[list].map(([expression, meaning]) => [`\`${expression}\``, meaning]);
  return [
    '',
    `## ${TITLES[list]}`,
    '',
    ABOUT[list],
    '',
    ...table(['Variable', 'Type', 'Meaning'], variables),
    '',
    ...table(['Example', 'Shows'], examples),
  ];
}

const PAGE = [
  '# Filters',
  '',
  'Made from `src/protocol/filter-variables.ts`; `npx vitest run test/protocol/filters-doc.test.ts --update` writes it anew.',
  '',
  'Filters and rules are written in [CEL](https://cel.dev). `/` opens a line for the filter of the list with the cursor:',
  'what is typed holds at once, and the line above says how many rows fit, or what is wrong and where. While it is wrong the',
  'last valid filter stays in force. Tab completes the names below, `↑` and `↓` go through the filters of this session,',
  'Enter keeps the filter, Esc puts back what was, and `\\` takes it away. `F` chooses one of the named filters of the',
  '[configuration](config.md); they are in the command palette (`:`) too.',
  '',
  '- Compare with `==`, `!=`, `<`, `<=`, `>`, `>=`; join with `&&`, `||` and `!`; `in [1, 2]` is one of several.',
  '- `int` is a whole number, also in hexadecimal (`0x1000`), with `+ - * / %`: `addr % 4096 == 0`. It is exact and has any size:',
  '  nothing wraps or overflows. `addr + 0x1000 > LIMIT` holds for the highest addresses too, and `addr - 0x1000` is below 0 for',
  '  the lowest. (CEL ends at 2^63-1, in the middle of the addresses; and a sum that wraps lets just those through that a guard is',
  '  for.) `0x1000u` and `uint(…)` are allowed and make no difference.',
  '- `string` stands in quotes, and has `startsWith`, `endsWith`, `contains`, `matches` (a regular expression) and `size`.',
  '- `bool` stands for itself: `write && !exec`.',
  '- `["gpu0", "gpu1"].exists(d, device.startsWith(d))`: `all`, `exists` and `exists_one` try each value of a list that is written out.',
  '- An expression can fail for a row: a division by zero, an index that is not there, `int("x")`. A filter does not show that row',
  '  and says for how many it failed. A rule holds that group, and **no rule after it answers it**: the rule is *broken*, counted and',
  '  shown as such. `respond … when` answers nothing. `false && …` and `true || …` are decided, whatever fails beside them.',
  '- Rules are evaluated when a group is read, and again when the list of rules changes; not when `after` is over.',
  '- What could take long (more than 100,000 steps) is refused, and so are `map`, `filter`, `bind`, `split` and `join`.',
  ...FILTERED_LISTS.flatMap(section),
  '',
  '## At the end',
  '',
  '`--expect EXPR` is judged when everything is closed, over the numbers of the [summary](headless.md). It may be given several',
  'times, and all must hold; if one does not, stderr says so with its values, `expectations` of the summary has them all, and the exit',
  'code is 4. A wrong expression is refused before anything is opened. One that cannot be evaluated does not hold.',
  '',
  ...table(
    ['Variable', 'Type', 'Meaning'],
    SUMMARY_VARIABLES.map(({ name, type, meaning }) => [`\`${name}\``, type, meaning]),
  ),
  '',
  ...table(
    ['Example', 'Holds if'],
    EXPECT_EXAMPLES.map(([expression, meaning]) => [`\`${expression}\``, meaning]),
  ),
  '',
].join('\n');

it('is what docs/filters.md says', async () => {
  await expect(PAGE).toMatchFileSnapshot('../../docs/filters.md');
});

const examples = FILTERED_LISTS.flatMap((list) => EXAMPLES[list].map(([text]) => [list, text] as const));

it.each(EXPECT_EXAMPLES)('has an example for --expect that can be used: %s', (text) => {
  expect(() => compileExpectations([text])).not.toThrow();
});

it.each(examples)('has an example for %s that can be used: %s', (list, text) => {
  expect(compile(text, FILTER_VARIABLES[list]).source).toBe(text);
});
