// Arguments → a command, a text or a run, and the resulting exit code.

import { COMMANDS, commandOf, FIRST_WORDS } from './cli/commands.ts';
import { complain } from './cli/complain.ts';
import { TABLE } from './cli/options.ts';
import { ownWords } from './cli/rest.ts';
import type { Start } from './cli/run/given.ts';
import { isGiven } from './cli/spelling.ts';
import { UsageError } from './cli/usage-error.ts';
import { Exit } from './protocol/exit.ts';
import { leaveScreen } from './terminal/guard.ts';
import { stderrLine } from './text/one-line.ts';
import { VERSION } from './version.ts';

const EVERY_OPTION = [...TABLE, ...COMMANDS.flatMap(({ options }) => options)];

/** Whether it is given to the program or to a command, even if something else is wrong. */
const has = (args: readonly string[], name: string): boolean => isGiven(name, args, EVERY_OPTION);

const wantsHeadless = (args: readonly string[]): boolean =>
  !has(args, 'once') && (has(args, 'headless') || !process.stdout.isTTY);

/** Runs the program and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const own = ownWords(args);
  if (has(own, 'help')) {
    const { helpFor } = await import('./cli/help.ts');
    return print(helpFor(own, process.stdout.columns));
  }
  const isRun = !FIRST_WORDS.includes(args[0] ?? '') || args[0] === 'exec';
  try {
    const command = commandOf(args);
    if (command) return await (await import('./cli/run-command.ts')).runCommand(command, args, print, start);
    const { parseOptions } = await import('./cli/parse.ts');
    const given = parseOptions(args);
    if (given.version) return await print(`${VERSION}\n`);
    if (given['list-scenarios']) return await listScenarios();
    return await start(given);
  } catch (error) {
    leaveScreen();
    if (!(error instanceof UsageError)) throw error;
    complain(error.said(), isRun && wantsHeadless(own));
    return Exit.USAGE;
  }
}

const start: Start = async (...args) => (await import('./start.ts')).start(...args);

/** Writes a text that was asked for; a reader that closes the pipe early (`| head`) is not an error. */
async function print(text: string): Promise<number> {
  const { openStdout } = await import('./headless/stdio.ts');
  const { isClosedPipe, Output, unwritable } = await import('./headless/output.ts');
  const output = new Output(openStdout());
  output.write(text);
  await output.drained();
  const { failure } = output;
  if (!failure || isClosedPipe(failure)) return Exit.DONE;
  process.stderr.write(stderrLine(unwritable(failure)));
  return Exit.ERROR;
}

async function listScenarios(): Promise<number> {
  const scenarios = (await import('./scenario/load.ts')).listScenarios();
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return print(scenarios.map(({ name, description }) => `${name.padEnd(width)}  ${description}\n`).join(''));
}
