import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/cli/config/load.ts';
import { problemsOf } from './problems-of.ts';

const FULL = `
backend = "selftest"
devices = 2
read-only = true
theme = "mono"
journal = "notes/j.ndjson"
scenario = "./mine.toml"

[alarms]
pending = 5
oldest = "1.5s"
rate = "off"
refault = false
bell = true

[keys]
success = "S"
redraw = []

[filters.low]
when = 'write && addr < 0x1000'
[filters."big ones"]
list = "pending"
when = "faults > 8"

[[rules]]
name = "first"
when = "pasid == 5"
then = "map"
after = "2s"
[[rules]]
then = "hold"
enabled = false
`;

describe('a configuration file', () => {
  it('is read whole', async () => {
    const { config, problems } = await readConfig({ file: '/etc/iopftop/c.toml', text: FULL });
    expect(problems.lines()).toEqual([]);
    expect(config).toEqual({
      file: '/etc/iopftop/c.toml',
      given: {
        backend: 'selftest',
        devices: 2,
        'read-only': true,
        theme: 'mono',
        journal: '/etc/iopftop/notes/j.ndjson',
        scenario: '/etc/iopftop/mine.toml',
        bell: true,
      },
      alarms: { pending: 5, oldestMs: 1500, rate: null, refault: null },
      keys: { success: ['S'], redraw: [] },
      filters: [
        { name: 'low', list: null, when: 'write && addr < 0x1000' },
        { name: 'big ones', list: 'pending', when: 'faults > 8' },
      ],
      rules: [
        { name: 'first', when: 'pasid == 5', then: 'map', afterMs: 2000 },
        { then: 'hold', enabled: false },
      ],
    });
  });

  it('may be empty', async () => expect(await problemsOf('')).toEqual([]));
});

describe('each mistake is named with its line', () => {
  it.each([
    ['thme = "mono"', 'c.toml:1: unknown key "thme": did you mean theme?'],
    ['rule = []', 'c.toml:1: unknown key "rule": did you mean rules?'],
    ['constructor = 1', /^c\.toml:1: unknown key "constructor": known: backend, /],
    ['once = true', 'c.toml:1: unknown key "once": --once is for the command line only'],
    ['bell = true', 'c.toml:1: unknown key "bell": it belongs in the [alarms] table'],
    ['read-only = "yes"', 'c.toml:1: read-only is "yes": give true or false'],
    ['theme = "drak"', 'c.toml:1: theme: there is no "drak": did you mean dark?'],
    ['on-exit = 1', 'c.toml:1: on-exit is 1: give "hold", "invalid", "success"'],
    ['history = "5"', 'c.toml:1: history is "5": give a whole number from 1 to 100000000'],
    ['history = 1.5', 'c.toml:1: history is 1.5: give a whole number from 1 to 100000000'],
    ['refresh = 31', 'c.toml:1: refresh is 31: give a number from 1 to 30'],
    ['refresh = nan', 'c.toml:1: refresh is NaN: give a number from 1 to 30'],
    ['journal = ""', 'c.toml:1: journal is "": give FILE as a string in quotes'],
    ['scenario = 2026-01-01', 'c.toml:1: scenario is "2026-01-01": give NAME|FILE as a string in quotes'],
    [
      'answer = "hold"\n[[rules]]\nthen = "hold"',
      'c.toml:1: answer and [[rules]] cannot be combined: leave one of them out',
    ],
    ['alarms = 5', 'c.toml:1: alarms is 5: write a table: [alarms]'],
    ['\n[alarms]\npendng = 5', 'c.toml:3: [alarms] has no key "pendng": did you mean pending?'],
    [
      '[alarms]\ntheme = "mono"',
      'c.toml:2: [alarms] has no key "theme": theme belongs at the top of the file, before the first [table]',
    ],
    ['alarms.pending = 0', 'c.toml:1: alarms.pending is 0: give a whole number of 1 or more, or "off"'],
    ['[alarms]\nrate = true', 'c.toml:2: alarms.rate is true: give a number of 0.001 or more, or "off"'],
    ['[alarms]\noldest = 10', 'c.toml:2: alarms.oldest is 10: give a duration such as "10s", or "off"'],
    ['[alarms]\noldest = "10"', 'c.toml:2: alarms.oldest: "10" is not a duration: did you mean 10s?'],
    ['[alarms]\noldest = "0s"', 'c.toml:2: alarms.oldest is "0s": give a longer duration, or "off"'],
    ['[alarms]\nbell = 1', 'c.toml:2: alarms.bell is 1: give true or false'],
    ['[keys]\nsuccess = 5', 'c.toml:2: keys.success is 5: give a key, or a list: ["a", "ctrl-a"]'],
    ['[keys]\nsuccess = ["S", "S"]', 'c.toml:2: keys.success has "S" twice: leave one out'],
    ['[keys]\nsucces = "x"', 'c.toml:2: keys: there is no action "succes": did you mean success?'],
    [
      '[keys]\ntheme = "x"',
      'c.toml:2: keys: there is no action "theme": theme belongs at the top of the file, before the first [table]',
    ],
    ['[keys]\nsuccess = "Ctrl-S"', 'c.toml:2: keys.success: there is no key "Ctrl-S": did you mean "ctrl-s"?'],
    ['filters = []', 'c.toml:1: filters is []: write a table: [filters]'],
    [
      '[filters]\nlow = "write"',
      'c.toml:2: filters.low is "write": write a table: [filters.low] with when = "a CEL expression"',
    ],
    [
      '[filters.low]\nlist = "stream"',
      "c.toml:1: filters.low has no when: give a CEL expression in quotes, such as 'pasid == 5'",
    ],
    [
      '[filters.low]\nwhen = " "',
      'c.toml:2: filters.low.when is " ": give a CEL expression in quotes, such as \'pasid == 5\'',
    ],
    [
      '[filters.low]\nwhen = "write"\nlist = "pendin"',
      'c.toml:3: filters.low.list: there is no "pendin": did you mean pending?',
    ],
    [
      '[filters.low]\nwhen = "write"\nlist = 5',
      'c.toml:3: filters.low.list: there is no 5: one of devices, pending, stream, journal',
    ],
    ['[filters.low]\nwhn = "write"\nwhen = "read"', 'c.toml:2: filters.low has no key "whn": did you mean when?'],
    ['rules = "x"', 'c.toml:1: rules is "x": write [[rules]] tables'],
    [
      '[[rules]]\nthen = "hold"\n\n[[rules]]\nwhen = "read"',
      'c.toml:4: rule 2 has no then: one of success, invalid, map, hold',
    ],
    ['[[rules]]\nthen = "sucess"', 'c.toml:2: rule 1: then is "sucess": did you mean success?'],
    ['[[rules]]\nthen = "hold"\nenabled = "no"', 'c.toml:3: rule 1: enabled is "no": give true or false'],
    ['[[rules]]\nthen = "hold"\nafter = "5s"', /^c\.toml:3: rule 1: hold cannot have after/],
    ['theme = ', /^c\.toml:1: column \d+: .*: the file is TOML: key = value, strings in quotes$/],
    ['theme = "a"\ntheme = "b"', /^c\.toml:2: column \d+: /],
    ['theme = mono', /^c\.toml:1: column \d+: /],
  ])('%j', async (text, said) => {
    const [problem, ...more] = await problemsOf(text);
    expect(more).toEqual([]);
    if (typeof said === 'string') expect(problem).toBe(said);
    else expect(problem).toMatch(said);
  });
});

describe('conditions are compiled', () => {
  it('of rules', async () => {
    const [first, second, ...more] = await problemsOf(
      '[[rules]]\nwhen = "pasd == 5"\nthen = "hold"\n[[rules]]\nwhen = "write &&"\nthen = "map"',
    );
    expect(first).toMatch(/^c\.toml:2: rule 1: condition "pasd == 5".*pasd/);
    expect(second).toMatch(/^c\.toml:5: rule 2: condition "write &&" at column \d+: /);
    expect(more).toEqual([]);
  });

  it('of rules with one name', async () => {
    const rule = '[[rules]]\nname = "a"\nthen = "hold"\n';
    expect((await problemsOf(rule + rule)).join()).toMatch(/^c\.toml:5: rule 2: "a" is already the name of rule 1/);
  });

  it('of filters, each with the variables of its list', async () => {
    expect(await problemsOf('[filters.a]\nlist = "journal"\nwhen = "cause == \'key\'"')).toEqual([]);
    const [problem] = await problemsOf('[filters.a]\nlist = "devices"\nwhen = "write"');
    expect(problem).toMatch(/^c\.toml:3: filters\.a: when.*it can use device, devId/);
    const [nobool] = await problemsOf('[filters.a]\nwhen = "pasid"');
    expect(nobool).toMatch(/^c\.toml:2: filters\.a: when: it must be a bool, got int/);
  });
});

it('names all that is wrong, in the order of the file, with the lines of keys around strings of several lines', async () => {
  const text = 'journal = """\ntheme = "x"\n"""\nseed = -1\n[keys]\n# theme\n"quit" = []\n[alarms]\nx.y = 1\n';
  expect(await problemsOf(text)).toEqual([
    'c.toml:4: seed is -1: give a whole number from 0 to 4294967295',
    'c.toml:7: keys.quit has no key: it needs one',
    'c.toml:9: [alarms] has no key "x": known: pending, oldest, rate, refault, dropped, bell',
  ]);
});

it('one line for each, whatever stands in the file', async () => {
  for (const line of await problemsOf('"a\\nb\\u001b[2J" = 1\ntheme = "\\n"\n')) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(line).not.toMatch(/[\x00-\x1f]/);
  }
});

it('says little of much', async () => {
  const long = 'x'.repeat(500_000);
  const [key, value, ...more] = await problemsOf(`${long} = 1\ntheme = "${long}"\n`);
  expect([key!.length < 1_000, value!.length < 1_000, more.length]).toEqual([true, true, 0]);
  const many = Array.from({ length: 5_000 }, (_, i) => `k${i} = 1`).join('\n');
  expect(await problemsOf(many)).toHaveLength(5_000);
});
