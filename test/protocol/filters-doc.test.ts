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
    'The expression is tried for the device itself and for each PASID attached to it; the device is shown if it holds for any of them.',
  pending:
    'The expression is tried for the group as a whole. Rules and `respond … when` have the same variables, without `state` and `age`.',
  stream: 'A record is shown if the expression holds for its group.',
  journal: 'The entries in memory; the file has all of them.',
};

const EXAMPLES: Record<FilteredList, [expression: string, meaning: string][]> = {
  devices: [
    ['pending > 0 || hung', 'devices that need attention'],
    ['handler == "nobody"', 'its faults are answered INVALID, unseen'],
    ['device.startsWith("gpu") && pasid >= 0', 'the PASIDs of the GPUs'],
  ],
  pending: [
    ['pasid == 5 && age > 1000', 'PASID 5, pending for more than a second'],
    ['addr >= 0x10000000 && addr < 0x20000000', 'a range of addresses'],
    ['write && !read && pasid in [1, 2, 7]', 'writes of some PASIDs'],
    ['repeats > 2', 'pages that fault again and again'],
  ],
  stream: [
    ['state == "auto"', 'what the kernel answered by itself'],
    ['device.matches("^nic[0-9]+$") && faults > 1', 'groups of several records from the NICs'],
  ],
  journal: [
    ['action == "answer" && code == "invalid"', 'answers INVALID, and their causes'],
    ['cause == "rule" && count > 100', 'rules that answered many at once'],
  ],
};

const EXPECT_EXAMPLES = [
  ['success == groups && invalid == 0', 'every group was answered SUCCESS'],
  ['groups > 0 && outstanding == 0', 'there were groups, and none was unanswered at the end'],
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
  'Made from `src/protocol/filter-variables.ts`; `npx vitest run test/protocol/filters-doc.test.ts --update` writes it.',
  '',
  'Filters and rules are written in [CEL](https://cel.dev). `/` opens a line for the filter of the list with the cursor.',
  'The filter is in force as you type, and the line above says how many rows match, or what is wrong and where. While it is',
  'wrong, the last valid filter stays in force. Tab completes the names below, `↑` and `↓` go through the filters of this session,',
  'Enter keeps the filter, Esc restores the previous one, and `\\` clears it. `F` chooses one of the named filters of the',
  '[configuration](config.md); they are in the command palette (`:`) too.',
  '',
  '- Compare with `==`, `!=`, `<`, `<=`, `>`, `>=`; join with `&&`, `||` and `!`; `in [1, 2]` is one of several.',
  '- `int` is a whole number, also in hexadecimal (`0x1000`), with `+ - * / %`: `addr % 4096 == 0`. It is exact and has any size:',
  '  nothing wraps or overflows. `addr + 0x1000 > LIMIT` holds for the highest addresses too, and `addr - 0x1000` is below 0 for',
  '  the lowest. (In CEL itself numbers end at 2^63-1, in the middle of the addresses; and a sum that wraps would match exactly the',
  '  addresses that a guard must catch.) `0x1000u` and `uint(…)` are allowed and make no difference.',
  '- `string` is in quotes, and has `startsWith`, `endsWith`, `contains`, `matches` (a regular expression) and `size`.',
  '- `bool` is used by itself: `write && !exec`.',
  '- `["gpu0", "gpu1"].exists(d, device.startsWith(d))`: `all`, `exists` and `exists_one` try each value of a literal list.',
  '- An expression can fail for a row: a division by zero, an index that does not exist, `int("x")`. A filter does not show that',
  '  row and says for how many it failed. A rule holds that group, and **no later rule answers it**: the rule is *broken*, and is',
  '  counted and shown as broken. `respond … when` answers nothing. `false && …` and `true || …` have a value even if the rest fails.',
  '- Rules are evaluated when a group is read, and again when the list of rules changes; not when `after` is over.',
  '- Expressions that could take long (more than 100,000 steps) are refused, and so are `map`, `filter`, `bind`, `split` and `join`.',
  ...FILTERED_LISTS.flatMap(section),
  '',
  '## At the end',
  '',
  '`--expect EXPR` is evaluated when everything is closed, over the numbers of the [summary](headless.md). It may be given several',
  'times, and all must hold. If one does not, stderr says so with its values, and the exit code is 4; `expectations` in the summary has',
  'all of them. A wrong expression is refused before anything is opened. An expression that cannot be evaluated does not hold.',
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
