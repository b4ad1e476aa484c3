import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRules } from '../../src/cli/rules-file.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-rules-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const problem = async (name: string, text: string): Promise<string> => {
  const error = await readRules(file(name, text)).catch((e) => e);
  expect(error).toBeInstanceOf(UsageError);
  return `${error.message}: ${error.hint}`;
};

const EXPECTED = [{ name: 'writes', when: 'write && pasid == 5', then: 'map', afterMs: 500 }, { then: 'invalid' }];

describe('readRules', () => {
  it('reads [[rule]] tables', async () => {
    const text = `[[rule]]\nname = 'writes'\nwhen = 'write && pasid == 5'\nthen = 'map'\nafter = '500ms'\n[[rule]]\nthen = 'invalid'\n`;
    expect(await readRules(file('a.toml', text))).toEqual(EXPECTED);
    expect(await readRules(file('no-extension', text))).toEqual(EXPECTED);
  });

  it('reads a JSON list, bare or under a name', async () => {
    const rules = [{ name: 'writes', when: 'write && pasid == 5', then: 'map', after: '500ms' }, { then: 'invalid' }];
    expect(await readRules(file('a.json', JSON.stringify(rules)))).toEqual(EXPECTED);
    expect(await readRules(file('json', JSON.stringify(rules)))).toEqual(EXPECTED);
    expect(await readRules(file('b.json', JSON.stringify({ rules })))).toEqual(EXPECTED);
  });

  it('takes rules that are off', async () => {
    const rules = [
      { then: 'success', enabled: false },
      { then: 'invalid', enabled: true },
    ];
    const text = "[[rule]]\nthen = 'success'\nenabled = false\n[[rule]]\nthen = 'invalid'\nenabled = true\n";
    expect(await readRules(file('off.toml', text))).toEqual(rules);
    expect(await readRules(file('off.json', JSON.stringify(rules)))).toEqual(rules);
  });

  it('names file, line and column of a syntax error', async () => {
    expect(await problem('bad.toml', '[[rule]]\nthen = \n')).toMatch(/bad\.toml:2:\d+: /);
    expect(await problem('bad.json', '[{\n')).toContain('bad.json:2:1: expected a comma or }');
  });

  it.each([
    ["[[rule]]\nthen = 'success'\n[[rule]]\nwhen = 'pasid == 5'\n", 'rule 2 has no then: one of success'],
    ["[[rule]]\nthen = 'sucess'", 'rule 1: then is "sucess": did you mean success?'],
    ["[[rule]]\nthen = 'hold'\nwehn = 'true'", 'rule 1: unknown key "wehn": did you mean when?'],
    ["[[rule]]\nthen = 'hold'\nafter = 500", 'rule 1: after is 500: give a string'],
    ["[[rule]]\nthen = 'hold'\nafter = '500'", 'rule 1: after: "500" is not a duration: did you mean 500s?'],
    ["[[rule]]\nthen = 'hold'\nenabled = 'no'", 'rule 1: enabled is "no": give true or false'],
    [
      "[[rule]]\nname = 'x'\nthen = 'hold'\n[[rule]]\nname = 'x'\nthen = 'hold'",
      'rule 2: "x" is already the name of rule 1',
    ],
    ['other = 1', 'unknown key "other"'],
    ['', 'no rules in it'],
  ])('%j', async (text, said) => {
    expect(await problem('c.toml', text)).toContain(said);
  });

  it('compiles the conditions: rule and column of what is wrong in one', async () => {
    const text = "[[rule]]\nthen = 'hold'\n[[rule]]\nwhen = 'pasid == == 5'\nthen = 'success'\n";
    expect(await problem('d.toml', text)).toMatch(/d\.toml:4: rule 2: condition .* column 10: == cannot stand here/);
    const unknown = "[[rule]]\nwhen = 'pasd == 5'\nthen = 'success'\n";
    expect(await problem('e.toml', unknown)).toMatch(/e\.toml:2: rule 1: .*pasd/);
  });

  it.each([
    ['b.toml', "[[rules]]\nthen = 'hold'\n\n[[rule]]\nthen = 'success'\n", 'b.toml:4: both "rules" and "rule": '],
    ['b.json', '{"rule":[{"then":"hold"}],\n"rules":[{"then":"success"}]}', 'b.json:2: both "rule" and "rules": '],
    [
      'b.json',
      '{"rule":[{"then":"hold"}],\n"rule":[{"then":"success"}]}',
      'b.json:2:1: "/rule" appears twice, first at line 1',
    ],
    ['b.json', '{"rules":[],\n"rule":[]}', 'b.json:2: both "rules" and "rule": '],
    [
      'b.json',
      '[{"when":"write",\n "when":"read",\n "then":"hold"}]',
      'b.json:2:2: "/0/when" appears twice, first at line 1',
    ],
    ['b.json', '[{"then":"hold","\\u0074hen":"success"}]', 'b.json:1:17: "/0/then" appears twice'],
    ['b.toml', "[[rule]]\nwhen = 'write'\nwhen = 'read'\nthen = 'hold'\n", 'b.toml:3:'],
    ['b.toml', "[[rule]]\nthen = 'hold'\n[[rule]]\nthen = 'map'\nthan = 'x'\n", 'b.toml:5: rule 2: unknown key "than"'],
    ['b.json', '[{"then":"hold"},\n{"then":"map",\n"than":1}]', 'b.json:3: rule 2: unknown key "than"'],
    ['b.json', '{"rule":[\n{"then":"map","":1}]}', 'b.json:2: rule 1: unknown key ""'],
    ['b.json', '{"rule":[{"then":"hold"}],\n"":1}', 'b.json:2: unknown key ""'],
    ['b.json', '[{"then":"hold","__proto__":{}}]', 'b.json:1: rule 1: unknown key "__proto__"'],
    ['b.json', '{"__proto__":[{"then":"success"}]}', 'b.json:1: unknown key "__proto__"'],
    ['b.json', '[{"then":"hold",\n"after":9007199254740993}]', 'b.json:2: rule 1: after is 9007199254740993'],
    [
      'b.toml',
      "[[rule]]\nthen = 'hold'\nafter = '5s'\n",
      'b.toml:3: rule 1: hold cannot have after: it waits for you, or for new rules, without limit: remove `after`',
    ],
    [
      'b.toml',
      "[[rule]]\nthen = 'hold'\nwhen = ''\n",
      'b.toml:3: rule 1: when is empty: remove `when` to match every group',
    ],
    [
      'b.toml',
      "[[rule]]\nthen = 'hold'\n\nwhen = ' '\n",
      'b.toml:4: rule 1: when is empty: remove `when` to match every group',
    ],
    ['b.json', '[{"then":"hold","when":null}]', 'b.json:1: rule 1: when is null'],
    ['b.json', '[{"then":"hold","enabled":"true"}]', 'b.json:1: rule 1: enabled is "true"'],
  ])('drops nothing without a word: %s %j', async (name, text, said) => {
    expect(await problem(name, text)).toContain(said);
  });

  it('is UTF-8, with a byte order mark or without one', async () => {
    for (const name of ['bom.toml', 'bom']) {
      expect(await readRules(file(name, "\ufeff[[rule]]\nthen = 'hold'\n"))).toEqual([{ then: 'hold' }]);
    }
    expect(await readRules(file('bom.json', '\ufeff[{"then":"hold"}]'))).toEqual([{ then: 'hold' }]);
    const path = join(directory, 'latin1.toml');
    writeFileSync(path, Buffer.from("[[rule]]\nname = '\u00e9'\nthen = 'hold'\n", 'latin1'));
    await expect(readRules(path)).rejects.toThrow(/latin1\.toml:2:9: this is not UTF-8/);
  });

  it('says what is wrong with the file itself', async () => {
    await expect(readRules(join(directory, 'absent'))).rejects.toThrow('there is no such file');
    await expect(readRules(directory)).rejects.toThrow('cannot be read (EISDIR)');
  });
});
