import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/engine/rules/expression.ts';
import { GROUP_VARIABLES } from '../../../src/protocol/filter-variables.ts';

const holds = (source: string, device: string): boolean =>
  compile(source, GROUP_VARIABLES).judge({ device } as never).holds;

describe('matches', () => {
  it('finds what it should', () => {
    expect(holds("device.matches('^nvme[0-9]+$')", 'nvme12')).toBe(true);
    expect(holds("device.matches('^nvme[0-9]+$')", 'nic0')).toBe(false);
  });

  it('takes a sign for itself after a backslash', () => {
    expect(holds(String.raw`device.matches(r'^0000\:3a\:00\.0$')`, '0000:3a:00.0')).toBe(true);
    expect(holds(String.raw`device.matches(r'^[\w\-\.\]]+$')`, 'a-b.c]')).toBe(true);
    expect(holds(String.raw`device.matches(r'^\\pL$')`, '\\pL')).toBe(true);
  });

  it('is over at once where backtracking would take for ever', () => {
    // 2^5000 ways to divide it up.
    for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*)*b$']) {
      expect(holds(`device.matches('${pattern}')`, `${'a'.repeat(5_000)}!`)).toBe(false);
    }
  });

  it('is over at once where the program of a pattern would double with each sign', () => {
    expect(holds(`device.matches('${'a?'.repeat(60)}${'a'.repeat(60)}')`, 'x'.repeat(64))).toBe(false);
  });

  it.each([
    ["device.matches('(a)\\\\1')", 'Cannot be executed in linear time'],
    ["device.matches('(?=a)')", 'Cannot be executed in linear time'],
    ["device.matches('(')", 'Invalid regular expression'],
    // RE2 has these; V8 would take them for something else
    ["device.matches(r'\\Agpu')", 'Invalid escape'],
    ["device.matches(r'gpu0\\z')", 'Invalid escape'],
    ["device.matches(r'\\Qgpu\\E')", 'Invalid escape'],
    ["device.matches(r'^\\p{L}+$')", '\\p is not supported'],
    ["device.matches(r'\\PL')", '\\P is not supported'],
    ["device.matches('[[:digit:]]$')", 'Lone quantifier brackets'],
    ["device.matches('^[[:alpha:]_]+$')", 'Lone quantifier brackets'],
    ["device.matches('gpu[]')", 'an empty list of characters'],
    ["device.matches('[^]')", 'an empty list of characters'],
    ["device.matches('^[😀]$')", 'patterns cannot have characters beyond U+FFFF'],
    ["device.matches('a' + device)", 'the pattern of matches must be written out'],
  ])('refuses %s', (source, why) => {
    expect(() => compile(source, GROUP_VARIABLES)).toThrow(why);
  });
});
