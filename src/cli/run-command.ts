// What each command of the table does. Each loads only what it needs.

import { Exit } from '../protocol/exit.ts';
import type { Command, Shell } from './commands.ts';
import { complainLines } from './complain.ts';
import type { Call } from './given.ts';
import { parseCall } from './parse.ts';
import type { Print, Start } from './run/given.ts';

type Handler = (call: Call, print: Print, start: Start) => Promise<number>;

/** The end of a command that only looks, after its output. Resolves with its exit code. */
async function andAbandoned({ given }: Call, code: number): Promise<number> {
  const { abandonedLines } = await import('./abandoned.ts');
  complainLines(await abandonedLines(given));
  return code;
}

const HANDLERS: Record<string, Handler> = {
  devices: async (call, print) => andAbandoned(call, await (await import('./run/devices.ts')).run(call, print)),
  doctor: async (call, print) => andAbandoned(call, await (await import('./run/doctor.ts')).run(call, print)),
  exec: async (call, _print, start) => (await import('./run/exec.ts')).run(call, start),
  rescue: async (call, print) => (await import('./run/rescue.ts')).run(call, print),
  'config print': async ({ given }, print) => {
    const { configInForce } = await import('./config/print.ts');
    return print(await configInForce(given, process.env));
  },
  'config check': async (call, print) => {
    const { check } = await import('./config/check-file.ts');
    const { text, problems } = await check(call, process.env);
    if (problems.length === 0) return print(text);
    complainLines(problems);
    return Exit.USAGE;
  },
  completion: async ({ arguments: [shell] }, print) => {
    const { completion } = await import('./complete/completion.ts');
    const { scenarioNames } = await import('../scenario/load.ts');
    return print(completion(shell as Shell, scenarioNames()));
  },
  man: async (_call, print) => {
    const { manPage } = await import('./man.ts');
    const { VERSION } = await import('../version.ts');
    return print(manPage(VERSION));
  },
};

/** Runs a command of the table; `args` with its words. Throws UsageError. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  print: Print,
  start: Start,
): Promise<number> {
  const name = command.words.join(' ');
  const handler = HANDLERS[name];
  if (!handler) throw new Error(`the command ${name} does nothing`);
  return handler(parseCall(command, args), print, start);
}
