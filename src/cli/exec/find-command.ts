// The program that `iopftop exec` is to start: found before anything is bound or attached.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError } from '../usage-error.ts';

const ANYWHERE = '/usr/local/bin:/usr/bin:/bin';

type State = 'executable' | 'directory' | 'not executable' | 'absent';

function stateOf(path: string): State {
  try {
    if (statSync(path).isDirectory()) return 'directory';
  } catch {
    return 'absent';
  }
  try {
    accessSync(path, constants.X_OK);
    return 'executable';
  } catch {
    return 'not executable';
  }
}

/** The path of the program, as execvp(3) finds it. Throws UsageError where there is none. */
export function findCommand(name: string, path = process.env.PATH ?? ANYWHERE): string {
  const named = JSON.stringify(name);
  if (name === '')
    throw new UsageError('exec: the name of the command is empty', 'iopftop exec [options] -- COMMAND …');
  const candidates = name.includes('/')
    ? [name]
    : path.split(delimiter).map((directory) => join(directory || '.', name));
  const states = candidates.map((candidate) => ({ candidate, state: stateOf(candidate) }));
  const found = states.find(({ state }) => state === 'executable');
  if (found) return found.candidate;
  const unfit = states.find(({ state }) => state !== 'absent');
  if (!unfit) {
    const where = name.includes('/') ? 'there is no such file' : 'it is in no directory of $PATH';
    throw new UsageError(`exec: there is no command ${named}: ${where}`, 'give its path');
  }
  if (unfit.state === 'directory') throw new UsageError(`exec: ${named} is a directory`, 'give the path of a program');
  throw new UsageError(`exec: ${named} cannot be executed`, `chmod +x ${unfit.candidate}`);
}
