// Whatever comes from outside, made up at random: it is taken, or refused in words that say what, where and what to do; nothing
// else is ever thrown. IOPFTOP_FUZZ_RUNS says how many of each, IOPFTOP_FUZZ_SEED where they begin.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/config/load.ts';
import { TABLE } from '../../src/cli/options.ts';
import { parseOptions } from '../../src/cli/parse.ts';
import { ruleOf } from '../../src/cli/rules-file.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { compile, ExpressionError } from '../../src/engine/rules/expression.ts';
import { compileRules, RuleError } from '../../src/engine/rules/rules.ts';
import { readLine } from '../../src/headless/input.ts';
import { LINE_LIMIT, LineSplitter } from '../../src/headless/lines.ts';
import { COMMANDS } from '../../src/protocol/commands.ts';
import { GROUP_VARIABLES } from '../../src/protocol/filter-variables.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { listScenarios, loadScenario, ScenarioError } from '../../src/scenario/scenario.ts';
import { KeyDecoder } from '../../src/terminal/input.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';

const RUNS = Number(process.env.IOPFTOP_FUZZ_RUNS || 2_000);
const SEED = Number(process.env.IOPFTOP_FUZZ_SEED || 1);
const options = { numRuns: RUNS, seed: SEED };

const ODD = [
  '',
  '-',
  '--',
  '\0',
  '\x1b[2J',
  '__proto__',
  'constructor',
  '1e309',
  '-1',
  '0x',
  '٣',
  '\u202e',
  'a'.repeat(5_000),
];
const odd = fc.oneof(
  fc.constantFrom(...ODD),
  fc.string({ unit: 'binary' }),
  fc.double().map(String),
  fc.integer().map(String),
);
const words = (text: string): void => {
  expect(text.trim()).not.toBe('');
  expect(text).not.toMatch(/\bundefined\b|\[object |^\s+at /m);
};

const figure = (what: string, runs = RUNS): void =>
  tellFigure({
    topic: 'Malformed input',
    what,
    value: `${thousands(runs)}, each accepted or refused with a message`,
    repeat: 'npm test -- test/fuzz',
  });

/** TOML that is nearly right: lines of the text left out, doubled, or with a value that is odd. */
const nearly = (text: string): fc.Arbitrary<string> => {
  const lines = text.split('\n');
  const change = fc.record({
    at: fc.nat(lines.length - 1),
    how: fc.constantFrom('out', 'twice', 'odd', 'key', 'cut'),
    odd,
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const changed = [...lines];
    for (const { at, how, odd: value } of changes) {
      const line = changed[at] ?? '';
      if (how === 'out') changed[at] = '';
      if (how === 'twice') changed[at] = `${line}\n${line}`;
      if (how === 'odd') changed[at] = line.replace(/=.*/, () => `= ${value}`);
      if (how === 'key') changed[at] = line.replace(/^[^=]*/, () => `${JSON.stringify(value)} `);
      if (how === 'cut') changed[at] = line.slice(0, line.length / 2);
    }
    return changed.join('\n');
  });
};

describe('made up at random', () => {
  it('arguments', () => {
    const name = fc.constantFrom(...TABLE.map((option) => `--${option.name}`));
    const given = fc.oneof(
      name,
      odd,
      fc.tuple(name, odd).map(([option, value]) => `${option}=${value}`),
    );
    fc.assert(
      fc.property(fc.array(given, { maxLength: 6 }), (args) => {
        try {
          parseOptions(args);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          words(error.message);
          words(error.hint);
        }
      }),
      { ...options, numRuns: Math.ceil(RUNS / 4) },
    );
    figure('command lines', Math.ceil(RUNS / 4));
  });

  it('configuration files', async () => {
    const whole = [
      'theme = "dark"\nrefresh = 10\nread-only = true\n',
      '[alarms]\noldest = "5s"\nbell = true\npending = 10\n',
      '[keys]\nfreeze = ["p", "ctrl-s"]\n',
      '[filters.low-writes]\nwhen = "write && addr < 0x100000"\n',
      '[[rules]]\nname = "gpu"\nwhen = "device == \'gpu0\'"\nthen = "map"\nafter = "5s"\n',
    ].join('');
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly(whole), fc.string({ unit: 'binary' })), async (text) => {
        const { problems } = await readConfig({ file: 'config.toml', text });
        if (problems.any) words(problems.error().message);
      }),
      options,
    );
    figure('configuration files');
  });

  it('scenarios', () => {
    const whole = listScenarios().map(({ name }) => loadScenario(name));
    expect(whole.length).toBeGreaterThan(5);
    const text = `name = "x"\ndescription = "y"\n[[device]]\nname = "nvme0"\ncredits = 4\ntimeout = "2s"\non_timeout = "hang"\n
[[device.workload]]\nkind = "stuck"\nstart = "500ms"\nevery = "3s"\ncount = 1\nperms = ["write"]\n`;
    fc.assert(
      fc.property(fc.oneof(nearly(text), fc.string({ unit: 'binary' })), (made) => {
        try {
          parseScenario(made, 'made-up.toml');
        } catch (error) {
          if (!(error instanceof ScenarioError)) throw error;
          words(error.message);
        }
      }),
      options,
    );
    figure('scenarios');
  });

  const facts = Object.fromEntries(
    GROUP_VARIABLES.map(({ name, type }) => [
      name,
      type === 'bool' ? true : type === 'string' ? `${'a'.repeat(40)}!` : 1n,
    ]),
  );
  const token = fc.oneof(
    fc.constantFrom(...GROUP_VARIABLES.map(({ name }) => name)),
    fc.constantFrom(
      '&&',
      '||',
      '!',
      '(',
      ')',
      '==',
      '<',
      '+',
      '/',
      '%',
      '-',
      '?',
      ':',
      '[',
      ']',
      '.',
      ',',
      'in',
      '{',
      '}',
    ),
    fc.constantFrom('0', '1', '0x10', '9223372036854775807', '1.5', "'a'", 'true', 'null', '"\\u0000"', "r'\\'"),
    fc.constantFrom(
      'size(',
      "device.matches('^(a+)+$')",
      "device.matches('(a|a)*b')",
      "device.matches('(?=a)')",
      '[1, 2].exists(x, x > 1)',
    ),
    odd,
  );

  /** A macro in a macro, and patterns that backtracking would not end with. */
  const long = fc.oneof(
    fc
      .tuple(fc.nat(9), fc.nat(9), fc.constantFrom('all', 'exists', 'exists_one', 'map', 'filter'))
      .map(([depth, length, name]) => {
        const list = `[${Array.from({ length }, (_, i) => i)}]`;
        const nested = (left: number): string =>
          left === 0 ? 'device.size() > 999' : `!${list}.${name}(v${left}, ${nested(left - 1)})`;
        return nested(depth);
      }),
    fc.constantFrom('(a+)+$', '(a|aa)+$', '(.*)*b', '(a|a)*$', 'a?'.repeat(60)).map((p) => `device.matches('^${p}')`),
  );

  it('conditions, none of which holds up the engine', () => {
    let valid = 0;
    let slowest = 0;
    const source = fc.oneof(
      fc.array(token, { maxLength: 8 }).map((parts) => parts.join(' ')),
      fc.nat(3_000).map((depth) => `${'('.repeat(depth)}read${')'.repeat(depth)}`),
      fc.nat(300).map((depth) => `${'!'.repeat(depth)}read`),
      long,
    );
    fc.assert(
      fc.property(source, (text) => {
        try {
          const { judge } = compile(text, GROUP_VARIABLES);
          const { user } = process.cpuUsage();
          expect(typeof judge(facts as never).holds).toBe('boolean');
          slowest = Math.max(slowest, process.cpuUsage().user - user);
          valid++;
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          words(error.message);
          expect(error.message).not.toContain('\n');
        }
      }),
      options,
    );
    expect(valid).toBeGreaterThan(RUNS / 20);
    // a hundred times what the limit of steps is to allow, in microseconds
    expect(slowest).toBeLessThan(1_000_000);
    figure('conditions');
  });

  it('rules', () => {
    const value = fc.oneof(odd, fc.jsonValue(), fc.constantFrom('success', 'hold', 'read', '5s', true, null));
    const rule = fc.dictionary(fc.constantFrom('name', 'when', 'then', 'after', 'enabled', 'other'), value);
    fc.assert(
      fc.property(fc.array(fc.oneof(rule, fc.jsonValue()), { maxLength: 4 }), (list) => {
        try {
          compileRules(list.map((one, i) => ruleOf(one, `rule ${i + 1}`)));
        } catch (error) {
          if (!(error instanceof UsageError || error instanceof RuleError)) throw error;
          words(error.message);
        }
      }),
      options,
    );
    figure('rule lists');
  });

  it('lines of commands: what is wrong never becomes a command', () => {
    const cmd = fc.constantFrom(...Object.keys(COMMANDS), 'nothing', '__proto__');
    const near = fc
      .tuple(
        cmd,
        fc.dictionary(
          fc.constantFrom(
            'id',
            'group',
            'groups',
            'all',
            'devId',
            'pasid',
            'code',
            'hwpt',
            'rules',
            'when',
            'addr',
            '__proto__',
          ),
          fc.jsonValue(),
        ),
      )
      .map(([name, more]) => JSON.stringify({ cmd: name, ...more }));
    const deep = fc.nat(5_000).map((depth) => `{"cmd":"policy","rules":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    fc.assert(
      fc.property(fc.oneof(near, deep, odd, fc.json()), (line) => {
        const read = readLine(Buffer.from(line), 7);
        if (read === null) return;
        if ('wrong' in read) {
          words(read.wrong.message);
          words(read.wrong.hint);
          expect(read.wrong.message).toMatch(/^line 7: /);
        } else {
          expect(Object.keys(COMMANDS)).toContain(read.command.cmd);
        }
      }),
      options,
    );
    figure('lines of commands');
  });

  it('pieces of input: the same lines however it is cut, and bounded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(40), { maxLength: 30 }), (bytes, cuts) => {
        const all: (Uint8Array | null)[] = [];
        const pieces: (Uint8Array | null)[] = [];
        const whole = new LineSplitter((line) => all.push(line));
        whole.push(bytes);
        whole.end();
        const cut = new LineSplitter((line) => pieces.push(line));
        let at = 0;
        for (const size of [...cuts, bytes.length]) {
          cut.push(bytes.subarray(at, at + size));
          at += size;
        }
        cut.end();
        expect(pieces).toEqual(all);
      }),
      options,
    );
    const lines: (string | null)[] = [];
    const splitter = new LineSplitter((line) => lines.push(line && Buffer.from(line).toString()));
    for (let i = 0; i < 10; i++) splitter.push(Buffer.alloc(LINE_LIMIT, 0x61));
    splitter.push(Buffer.from('\n{}\n'));
    expect(lines).toEqual([null, '{}']);
  });

  it('keys: the same however the bytes are cut, and a megabyte of anything is soon over', () => {
    const sequence = fc.constantFrom(
      '\x1b[A',
      '\x1b[5~',
      '\x1bOP',
      '\x1b[<0;10;5M',
      '\x1b[<64;99999999;1M',
      '\x1b[200~paste\x1b[201~',
      'q',
      '\x1b[1;5C',
    );
    const typed = fc
      .array(fc.oneof(sequence, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(typed, fc.array(fc.nat(4), { maxLength: 20 }), (text, cuts) => {
        const whole = new KeyDecoder();
        const all = [...whole.push(text), ...whole.flush()];
        const decoder = new KeyDecoder();
        const keys = [];
        let at = 0;
        for (const size of [...cuts, text.length]) {
          // A terminal sends characters whole.
          const piece = [...text].slice(at, at + size).join('');
          at += size;
          if (piece) keys.push(...decoder.push(piece));
        }
        keys.push(...decoder.flush());
        for (const { name } of keys) expect(name).not.toBe('');
        // A lone ^C within a paste is the way out of it.
        if (!text.includes('\x1b[200~')) expect(keys).toEqual(all);
      }),
      options,
    );
    for (const unit of ['\x1b', '\x1b[', '\x1b[1;', '\x1b[200~', 'x', '\x1b[<0;', '\x00', '1']) {
      const decoder = new KeyDecoder();
      let keys = 0;
      for (let i = 0; i < 1_000; i++) keys += decoder.push(unit.repeat(Math.ceil(1_024 / unit.length))).length;
      keys += decoder.flush().length;
      expect(keys).toBeLessThanOrEqual(1_100_000);
    }
    figure('keys and escape sequences');
  });
});
