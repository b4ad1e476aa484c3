import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findCommand } from '../../../src/cli/exec/find-command.ts';

let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'iopftop-find-'));
  mkdirSync(join(root, 'first'));
  mkdirSync(join(root, 'second/prog'), { recursive: true });
  for (const name of ['first/plain', 'second/tool']) writeFileSync(join(root, name), '#!/bin/sh\n');
  chmodSync(join(root, 'second/tool'), 0o755);
  writeFileSync(join(root, 'first/tool'), 'not for running');
});
afterAll(() => rmSync(root, { recursive: true }));

const path = () => `${join(root, 'first')}:${join(root, 'second')}`;

test('the first in $PATH that can be executed', () => {
  expect(findCommand('tool', path())).toBe(join(root, 'second/tool'));
});

test('a name with a slash is a path', () => {
  expect(findCommand(join(root, 'second/tool'), '')).toBe(join(root, 'second/tool'));
});

test.each([
  ['nothing', 'exec: there is no command "nothing": it is in no directory of $PATH'],
  ['./nothing', 'exec: there is no command "./nothing": there is no such file'],
  ['prog', 'exec: "prog" is a directory'],
  ['', 'exec: the name of the command is empty'],
])('%s', (name, message) => expect(() => findCommand(name, path())).toThrow(message));

test('a file without the permission: whoever is root may not execute it either', () => {
  expect(() => findCommand('plain', path())).toThrow('exec: "plain" cannot be executed');
});
