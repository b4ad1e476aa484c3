import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { ROOT } from '../../helpers/bin.ts';

/** Directory in which words are completed: files with names that nothing else has. */
export const FILES = ['zz-one.toml', 'zz two.toml'];

/** Says aloud that the shell is not here. */
export function needs(shell: string, ctx: TestContext): void {
  const { error } = spawnSync(shell, ['--version']);
  if (error) ctx.skip(`${shell} is not installed`);
}

/** Runs a script in `cwd`; $COMPLETION is the completion script. Returns stdout. Throws with stderr, if there is any. */
export function shell(command: string, args: string[], completion: string, cwd: string): string {
  const env = { ...process.env, COMPLETION: join(ROOT, 'completions', completion) };
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 20_000 });
  if (stderr !== '' || status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Lines and what they complete to, for every shell. Order does not matter. */
export const CASES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['iopftop ', ['config', 'completion', 'devices', 'doctor', 'exec', 'man', 'rescue']],
  ['iopftop --ba', ['--backend']],
  ['iopftop --backend ', ['host', 'mock', 'selftest']],
  ['iopftop --backend=s', ['selftest']],
  ['iopftop -b m', ['mock']],
  ['iopftop --scenario stu', ['stuck']],
  ['iopftop --scenario zz', ['zz-one.toml', 'zz two.toml']],
  ['iopftop --read-only -s refault', ['refault-loop']],
  ['iopftop --journal zz-', ['zz-one.toml']],
  ['iopftop --config non', ['none']],
  ['iopftop --seed ', []],
  ['iopftop --theme col', ['colour-blind']],
  ['iopftop config ', ['print', 'check']],
  ['iopftop config check zz-', ['zz-one.toml']],
  ['iopftop config check --', ['--config', '--help']],
  ['iopftop config print --unic', ['--unicode']],
  ['iopftop completion ', ['bash', 'zsh', 'fish']],
  ['iopftop man --', ['--help']],
  ['iopftop devices --b', ['--backend']],
  ['iopftop devices --backend ', ['host', 'mock']],
  ['iopftop exec --hwpt ', ['paging', 'nested']],
  ['iopftop exec --output zz-', ['zz-one.toml']],
  ['iopftop rescue --code ', ['invalid', 'success']],
];
