import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/protocol/commands.ts';
import { MESSAGES } from '../../src/protocol/schema.ts';
import type { Schema } from '../../src/protocol/schema-parts.ts';
import { checkCommand } from '../../src/protocol/validate.ts';
import { isCommand, isMessage } from '../helpers/schema.ts';

const GOOD: object[] = [
  { cmd: 'respond', group: 1, code: 'success' },
  { id: 'a', cmd: 'respond', groups: [1, 2], code: 'invalid' },
  { id: 7, cmd: 'respond', all: true, pasid: 3, code: 'map' },
  { cmd: 'respond', when: 'pasid == 3', code: 'success' },
  { cmd: 'replace', devId: 3, hwpt: 'new-paging' },
  { cmd: 'attach', devId: 3, pasid: 5, hwpt: 4 },
  { cmd: 'detach', devId: 3 },
  { cmd: 'trigger', devId: 3, addr: '0x1000', perm: ['read', 'priv'], count: 10 },
  { cmd: 'trigger', devId: 3, addr: 4096 },
  { cmd: 'policy', rules: [{ when: 'write', then: 'success', afterMs: 100 }] },
  { cmd: 'snapshot' },
  { cmd: 'quit', onExit: 'invalid' },
];

/** The command, a part of what is said, a part of what was expected. */
const BAD: [unknown, string, string][] = [
  [5, 'not an object', 'respond'],
  [[], 'not an object', 'respond'],
  [null, 'not an object', 'respond'],
  [{}, '"cmd" is missing', 'respond'],
  [{ cmd: 1 }, '"cmd" is missing', 'respond'],
  [{ cmd: 'respnd' }, 'unknown command "respnd"', 'did you mean respond?'],
  [{ cmd: 'constructor' }, 'unknown command "constructor"', 'one of respond'],
  [{ cmd: 'respond', group: 1 }, '"code" is missing', 'one of success, invalid, map'],
  [{ cmd: 'respond', group: 1, code: 'ok' }, 'code is "ok"', 'one of success, invalid, map'],
  [{ cmd: 'respond', code: 'success' }, 'no target', 'one of group, groups, all, devId, when'],
  [{ cmd: 'respond', group: -1, code: 'success' }, 'group is -1', 'integer 0 to 9007199254740991'],
  [{ cmd: 'respond', group: 1.5, code: 'success' }, 'group is 1.5', 'integer'],
  [{ cmd: 'respond', groups: [1, 'x'], code: 'success' }, 'groups[1] is "x"', 'integer'],
  [{ cmd: 'respond', gruop: 1, code: 'success' }, 'unknown property "gruop"', 'did you mean "group"?'],
  [{ cmd: 'detach' }, '"devId" is missing', 'integer'],
  [{ cmd: 'detach', devId: 2 ** 32 }, 'devId is 4294967296', '0 to 4294967295'],
  [{ cmd: 'replace', devId: 1, hwpt: 'new' }, 'hwpt is "new"', 'new-paging'],
  [{ cmd: 'trigger', devId: 1, addr: 'x' }, 'addr is "x"', 'hex'],
  [{ cmd: 'trigger', devId: 1, perm: ['reed'] }, 'perm[0] is "reed"', 'read'],
  [{ cmd: 'trigger', devId: 1, count: 0 }, 'count is 0', '1 to 65536'],
  [{ cmd: 'policy', rules: [{ then: 'maybe' }] }, 'rules[0].then is "maybe"', 'one of success'],
  [{ cmd: 'policy', rules: [{ when: 'true' }] }, '"rules[0].then" is missing', 'one of success'],
  [{ cmd: 'policy', rules: 5 }, 'rules is 5', 'a list'],
  [{ id: {}, cmd: 'snapshot' }, 'id is {}', 'string or integer'],
  [JSON.parse('{"cmd":"snapshot","__proto__":1}'), 'unknown property "__proto__"', 'one of id, cmd'],
];

describe('checkCommand', () => {
  it.each(GOOD)('takes %j', (command) => {
    expect(checkCommand(command)).toEqual({ ok: true, command });
    expect(isCommand(command)).toBe(true);
  });

  it.each(BAD)('refuses %j', (command, problem, expected) => {
    const checked = checkCommand(command);
    expect(checked).toMatchObject({ ok: false });
    if (checked.ok) return;
    expect(checked.problem).toContain(problem);
    expect(checked.expected).toContain(expected);
    expect(isCommand(command)).toBe(false);
  });
});

describe('a value that is nested deeper than can be shown', () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

  it.each([deep, { cmd: 'respond', when: deep, code: 'success' }, { cmd: deep }])('is refused in words', (value) => {
    expect(checkCommand(value).ok).toBe(false);
  });
});

describe('the schema', () => {
  it('refuses what is no message', () => {
    for (const value of [null, {}, { type: 'nothing' }, { type: 'dropped', t: 1 }])
      expect(isMessage(value)).toBe(false);
    expect(isMessage({ type: 'dropped', t: 1, faults: 3, answers: 0, messages: 1 })).toBe(true);
  });

  it('has each message under its own type, and each command under its own name', () => {
    const constant = (schema: Schema, field: string): unknown =>
      (schema.properties as Record<string, { const: unknown }>)[field]!.const;
    for (const [name, schema] of Object.entries(MESSAGES)) expect(constant(schema, 'type')).toBe(name);
    for (const [name, schema] of Object.entries(COMMANDS)) expect(constant(schema, 'cmd')).toBe(name);
  });

  it.each(Object.entries(COMMANDS))('has examples of %s that are taken', (_, schema) => {
    const examples = (schema as Schema).examples as object[];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(checkCommand(example)).toEqual({ ok: true, command: example });
  });
});
