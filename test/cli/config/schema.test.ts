// The schema and the checker say the same of the same files.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/cli/config/schema.ts';
import { problemsOf } from './problems-of.ts';

const validate = new Ajv2020({ allErrors: true }).compile(configSchema());

const RULE = '[[rules]]\nthen = "map"\n';
const FILTER = '[filters.a]\nwhen = "write"\n';

const GOOD = [
  '',
  'backend = "selftest"\nscenario = "tour"\nseed = 0\nrate = 0.5\ndevices = 256\nhwpt = "nested"',
  'answer = "success"\non-exit = "invalid"\nread-only = false\nstream = "none"\nhistory = 1\njournal = "x"',
  'theme = "colour-blind"\nunicode = "never"\ntime = "since-start"\nrefresh = 30\nmouse = true',
  '[alarms]\npending = "off"\noldest = "1.5h"\nrate = 0.5\nrefault = false\ndropped = 9\nbell = true',
  '[keys]\nsuccess = "x"\nredraw = []\nquit = ["Q", "ctrl-c"]\nfreeze = ["alt-f"]',
  '[filters]',
  FILTER,
  `${FILTER}list = "journal"\n`.replace('write', 'true'),
  'rules = []',
  RULE,
  `${RULE}name = "n"\nwhen = "write"\nafter = "500ms"\nenabled = false`,
  `${RULE}after = "0"`,
  '[[rules]]\nthen = "hold"\nafter = "0s"',
];

const BAD = [
  'thme = "auto"',
  'once = true',
  'bell = true',
  'rules = 1',
  'seed = -1',
  'seed = 1.5',
  'seed = "1"',
  'seed = 4294967296',
  'rate = 0',
  'rate = inf',
  'rate = nan',
  'pasid = 1',
  'backend = "vfoi"',
  'theme = true',
  'journal = ""',
  'journal = 2026-01-01',
  'scenario = []',
  `answer = "hold"\n${RULE}`,
  'alarms = []',
  '[alarms]\npending = 0',
  '[alarms]\npending = 1.5',
  '[alarms]\npending = true',
  '[alarms]\npending = "5"',
  '[alarms]\noldest = 5',
  '[alarms]\noldest = "0ms"',
  '[alarms]\noldest = "5"',
  '[alarms]\noldest = "5d"',
  '[alarms]\nrate = 0',
  '[alarms]\nmore = 1',
  '[keys]\nno = "x"',
  '[keys]\nsuccess = 1',
  '[keys]\nsuccess = ["x", 1]',
  '[keys]\nsuccess = "xx"',
  '[keys]\nsuccess = " "',
  '[keys]\nsuccess = "ctrl-C"',
  '[keys]\nquit = []',
  'filters = 1',
  '[filters]\na = "write"',
  '[filters.a]',
  '[filters.a]\nwhen = ""',
  '[filters.a]\nwhen = 1',
  `${FILTER}list = "all"`,
  `${FILTER}then = "map"`,
  '[[rules]]',
  '[[rules]]\nthen = "drop"',
  'rules = ["map"]',
  `${RULE}when = 1`,
  `${RULE}name = 1`,
  `${RULE}after = 5`,
  `${RULE}after = "5"`,
  `${RULE}enabled = 1`,
  `${RULE}also = 1`,
  '[[rules]]\nthen = "hold"\nafter = "1s"',
];

/** What only `iopftop config check` can tell. */
const BEYOND = [
  '[keys]\nsuccess = "q"',
  `${RULE}when = "pasd == 1"`,
  '[filters.a]\nwhen = "pasid"',
  `${RULE}name = "a"\n${RULE}name = "a"`,
];

describe('the schema and the checker', () => {
  it.each(GOOD)('accept %j', async (text) => {
    expect(await problemsOf(text)).toEqual([]);
    expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
  });

  it.each(BAD)('refuse %j', async (text) => {
    expect(await problemsOf(text)).not.toEqual([]);
    expect(validate(parse(text))).toBe(false);
  });

  it.each(BEYOND)('leave %j to the checker', async (text) => {
    expect(await problemsOf(text)).not.toEqual([]);
    expect(validate(parse(text))).toBe(true);
  });
});
