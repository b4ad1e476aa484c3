import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mayBeRegistered } from '../../../src/cli/exec/binfmt.ts';
import { type CommandRefusal, findCommand } from '../../../src/cli/exec/find-command.ts';

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
  ['./nothing', 'exec: there is no command "./nothing": it is not there'],
  ['prog', 'exec: "prog" is a directory'],
  ['', 'exec: the name of the command is empty'],
])('%s', (name, message) => expect(() => findCommand(name, path())).toThrow(message));

test('a file without the permission: whoever is root may not execute it either', () => {
  expect(() => findCommand('plain', path())).toThrow('exec: "plain" is not executable');
});

/** Puts an executable file there, and returns what is said of it: [code, message without the directory]. */
function made(content: string | Buffer, name = 'driver', mode = 0o755): string {
  const file = join(root, name);
  rmSync(file, { force: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

function saidOf(file: string): [number, string] {
  try {
    findCommand(file, path());
  } catch (error) {
    const { code, message } = error as CommandRefusal;
    return [code, message.replaceAll(`${root}/`, '')];
  }
  return [0, ''];
}

/** The errno of execve(2); '' where it starts. */
const kernelSays = (file: string): string =>
  (spawnSync(file, []).error as NodeJS.ErrnoException | undefined)?.code ?? '';

const SHORT = 'exec: "driver" cannot be started: its interpreter';

test.each<[string, string, number, string]>([
  ['CR LF', '#!/bin/sh\r\necho hi\r\n', 127, `${SHORT} "/bin/sh\\r" is not there: its lines end with CR LF`],
  ['not installed', '#!/usr/bin/nothing -x\n', 127, `${SHORT} "/usr/bin/nothing" is not there`],
  ['blanks before and after it', '#! \t/usr/bin/nothing \t\n', 127, `${SHORT} "/usr/bin/nothing" is not there`],
  ['no end of the line', '#!/usr/bin/nothing', 127, `${SHORT} "/usr/bin/nothing" is not there`],
  ['relative', '#!nothing/sh\n', 127, `${SHORT} "nothing/sh" is not there`],
  ['a directory', '#!/tmp\n', 126, `${SHORT} "/tmp" is a directory`],
  ['no program', '#!/etc/passwd\n', 126, `${SHORT} "/etc/passwd" is not executable`],
  ['a device', '#!/dev/null\n', 126, `${SHORT} "/dev/null" is not a regular file`],
])('an interpreter that does not start: %s', (_, content, code, message) => {
  const file = made(content);
  expect(saidOf(file)).toEqual([code, message]);
  expect(kernelSays(file)).toBe(code === 127 ? 'ENOENT' : 'EACCES');
});

test.each<[string, string, number, string]>([
  [
    'CR LF',
    '#!/usr/bin/env sh\r\n',
    127,
    `${SHORT} "sh\\r" is in no directory of $PATH, for \`env\` in its first line: its lines end with CR LF`,
  ],
  [
    'not installed',
    '#!/usr/bin/env nothing\n',
    127,
    `${SHORT} "nothing" is in no directory of $PATH, for \`env\` in its first line`,
  ],
  [
    'one word',
    '#!/usr/bin/env tool -u\n',
    127,
    `${SHORT} "tool -u" is in no directory of $PATH, for \`env\` in its first line: env takes it as one word; \`env -S\` splits it`,
  ],
  [
    '-S',
    '#!/usr/bin/env -S A=1 -i nothing -u\n',
    127,
    `${SHORT} "nothing" is in no directory of $PATH, for \`env\` in its first line`,
  ],
  ['-S of what is there', '#!/usr/bin/env -S tool -u\n', 0, ''],
  ['more than is known here', '#!/usr/bin/env -S -u HOME nothing\n', 0, ''],
])('env: %s', (_, content, code, message) => expect(saidOf(made(content))).toEqual([code, message]));

test.each<[string, string | Buffer]>([
  ['empty', ''],
  ['text without an interpreter', 'echo hi\n'],
  ['#! and nothing', '#!\n'],
  ['an interpreter that is cut off', `#!/bin/${'x'.repeat(300)}\n`],
  ['an argument that is cut off', `#!/bin/sh ${'x'.repeat(300)}\n`],
])('what execvp(3) gives to a shell, or the kernel to its interpreter: %s', (_, content) => {
  const file = made(content);
  expect(saidOf(file)).toEqual([0, '']);
  expect(kernelSays(file)).toBe('');
});

test('interpreters of interpreters, as far as the kernel goes', () => {
  let before = '/bin/sh';
  for (let depth = 1; depth <= 7; depth++) {
    before = made(`#!${before}\n`, `script${depth}`);
    expect([depth, saidOf(before)[0], kernelSays(before)]).toEqual(depth <= 5 ? [depth, 0, ''] : [depth, 126, 'ELOOP']);
  }
  expect(saidOf(before)[1]).toBe('exec: "script7" has more than 5 interpreters, each a script run by the next');
  made('#!/nothing\n', 'script1');
  expect(saidOf(join(root, 'script2'))).toEqual([
    127,
    'exec: "script2" cannot be started: its interpreter "script1" cannot be started: its interpreter "/nothing" is not there',
  ]);
});

test('ELF files that are not for here', () => {
  const elf = readFileSync(process.execPath).subarray(0, 4_096);
  const other = Buffer.from(elf);
  other.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18);
  expect(saidOf(made(other))).toEqual([
    126,
    expect.stringMatching(/^exec: "driver" cannot be executed: it is a program for /),
  ]);
  expect(saidOf(made(elf.subarray(0, 40)))).toEqual([126, 'exec: "driver" cannot be executed: it is truncated']);
  const at = elf.indexOf('/ld-');
  if (at < 0) return;
  const without = Buffer.from(elf);
  without.write('/xx-', at);
  expect(saidOf(made(without))).toEqual([127, expect.stringMatching(/its dynamic loader ".*\/xx-.*" is not there$/)]);
  expect(kernelSays(join(root, 'driver'))).toBe('ENOENT');
});

test('neither a program nor a script; a link that leads to itself', () => {
  expect(saidOf(made(Buffer.from([1, 0, 2, 10])))).toEqual([
    126,
    'exec: "driver" cannot be executed: it is neither a program nor a script',
  ]);
  symlinkSync('loop', join(root, 'loop'));
  expect(saidOf(join(root, 'loop'))[0]).toBe(127);
});

test('what binfmt_misc starts', () => {
  const table = join(root, 'binfmt');
  mkdirSync(table);
  const arm = 'enabled\ninterpreter /usr/bin/qemu\nflags: F\noffset 0\nmagic 7f454c4602\nmask fffffffffe\n';
  writeFileSync(join(table, 'status'), 'enabled\n');
  writeFileSync(join(table, 'arm'), arm);
  writeFileSync(join(table, 'jar'), 'enabled\ninterpreter /usr/bin/jexec\nextension .jar\n');
  expect(mayBeRegistered('x', Buffer.from('7f454c4603', 'hex'), table)).toBe(true);
  expect(mayBeRegistered('x', Buffer.from('7f454c4702', 'hex'), table)).toBe(false);
  expect(mayBeRegistered('x.jar', Buffer.from('PK'), table)).toBe(true);
  writeFileSync(join(table, 'arm'), arm.replace('enabled', 'disabled'));
  expect(mayBeRegistered('x', Buffer.from('7f454c4603', 'hex'), table)).toBe(false);
  expect(mayBeRegistered('x', Buffer.from(''), join(root, 'nothing'))).toBe(false);
});
