// Arguments → engine options → engine → front end: the one place that knows all.
import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { commandOf, FIRST_WORDS } from './cli/commands.ts';
import { complain } from './cli/complain.ts';
import { NO_CONFIG } from './cli/config/file-config.ts';
import type { Settings } from './cli/config/merge.ts';
import type { ScreenConfig } from './cli/config-types.ts';
import { Exit } from './cli/exit-codes.ts';
import type { Given } from './cli/parse.ts';
import { UsageError } from './cli/usage-error.ts';
import type { EngineClient } from './engine/client.ts';
import type { Hello } from './protocol/messages.ts';
import { leaveScreen } from './ui/terminal/guard.ts';
import { VERSION } from './version.ts';

const DEFAULT_ONCE_MS = 1_000;

type FrontEnd = 'screen' | 'headless' | 'once';

const wantsHeadless = (args: readonly string[]): boolean =>
  !args.includes('--once') && (args.includes('--headless') || !process.stdout.isTTY);

/** Runs the program and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  if (own.includes('--help') || own.includes('-h')) {
    const { helpFor } = await import('./cli/help.ts');
    return print(helpFor(own, process.stdout.columns));
  }
  const isCommand = FIRST_WORDS.includes(args[0] ?? '');
  try {
    const command = commandOf(args);
    if (command) return await (await import('./cli/run-command.ts')).runCommand(command, args, print);
    const { parseOptions } = await import('./cli/parse.ts');
    return await start(parseOptions(args));
  } catch (error) {
    leaveScreen();
    if (!(error instanceof UsageError)) throw error;
    const { message, hint } = error;
    complain({ kind: 'usage', message, hint, operation: null, errno: null }, !isCommand && wantsHeadless(args));
    return Exit.USAGE;
  }
}

/** Writes a text that was asked for; a reader that has enough of it (`| head`) is no error. */
async function print(text: string): Promise<number> {
  const { openStdout } = await import('./headless/stdio.ts');
  const { isClosedPipe, Output } = await import('./headless/output.ts');
  const output = new Output(openStdout());
  output.write(text);
  await output.drained();
  const { failure } = output;
  if (!failure || isClosedPipe(failure)) return Exit.DONE;
  process.stderr.write(`iopftop: the output cannot be written: ${failure.code ?? failure.message}\n`);
  return Exit.ERROR;
}

async function start(typed: Given): Promise<number> {
  if (typed.version) return print(`${VERSION}\n`);
  if (typed['list-scenarios']) return listScenarios();
  const settings = await settingsOf(typed);
  const { given, alarms } = settings;
  if (typeof given.scenario === 'string') {
    await checkScenario(given.scenario, typed.scenario === undefined ? `${settings.file}: scenario` : '--scenario');
  }
  const rules = typeof given.rules === 'string' ? await readRules(given.rules) : settings.rules;
  const frontEnd = frontEndOf(given);
  const { engineOptions } = await import('./cli/engine-options.ts');
  const { StartError, startEngine } = await import('./engine/start.ts');
  // Loaded while the worker starts.
  const screen = frontEnd === 'screen' ? import('./ui/screen.ts') : null;
  let client: EngineClient;
  try {
    client = await startEngine(engineOptions(given, rules, frontEnd === 'headless', alarms), VERSION);
  } catch (error) {
    leaveScreen();
    if (!(error instanceof StartError)) throw error;
    complain({ kind: error.failure.operation ? 'kernel' : 'refused', ...error.failure }, frontEnd === 'headless');
    return Exit.ERROR;
  }
  if (screen) return runOnTerminal(client, await screen, settings.screen);
  return frontEnd === 'once' ? once(client, given) : headless(client, given);
}

/** The command line over the configuration file, which is read only where there is one. */
async function settingsOf(typed: Given): Promise<Settings> {
  const { readConfigText } = await import('./cli/config/file.ts');
  const text = readConfigText(typeof typed.config === 'string' ? typed.config : undefined, process.env);
  const { merge } = await import('./cli/config/merge.ts');
  return merge(typed, text ? await (await import('./cli/config/load.ts')).loadConfig(text) : NO_CONFIG);
}

function frontEndOf(given: Given): FrontEnd {
  if (given.once) return 'once';
  if (!given.headless && process.stdout.isTTY) return 'screen';
  if (given['pause-at'] === undefined) return 'headless';
  throw new UsageError('--pause-at is for the screen, and stdout is no terminal', '--duration ends a run at a time');
}

async function runOnTerminal(
  client: EngineClient,
  { runScreen }: typeof import('./ui/screen.ts'),
  config: ScreenConfig,
): Promise<number> {
  let hello: Hello | undefined;
  client.onMessage((message) => {
    if (message.type === 'hello') hello = message;
  });
  if (!hello) throw new Error('the engine did not say hello first');
  return runScreen(client, hello, { stdout: process.stdout, stdin: keyboard(), env: process.env }, config);
}

/** Keys come from the terminal, also where stdin is something else (`iopftop < /dev/null`). */
function keyboard(): NodeJS.ReadStream {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    throw new UsageError('there is no terminal to take keys from', 'use --headless');
  }
}

async function headless(client: EngineClient, given: Given): Promise<number> {
  const { runHeadless } = await import('./headless/headless.ts');
  const { openStdin, openStdout } = await import('./headless/stdio.ts');
  const stream = given.stream === 'groups' || given.stream === 'none' ? given.stream : 'faults';
  const endsByItself = [given.duration, given.count, given.idle].some((value) => value !== undefined);
  const io = { stdin: openStdin(), stdout: openStdout(), stderr: process.stderr, signals: process };
  return runHeadless(client, { stream, endsByItself }, io);
}

async function once(client: EngineClient, given: Given): Promise<number> {
  const { runOnce } = await import('./headless/once.ts');
  const { openStdout } = await import('./headless/stdio.ts');
  const afterMs = typeof given.duration === 'number' ? given.duration : DEFAULT_ONCE_MS;
  const io = { stdout: openStdout(), stderr: process.stderr, signals: process };
  return runOnce(client, { afterMs, json: given.json === true }, io);
}

async function listScenarios(): Promise<number> {
  const scenarios = (await import('./scenario/load.ts')).listScenarios();
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return print(scenarios.map(({ name, description }) => `${name.padEnd(width)}  ${description}\n`).join(''));
}

/** Told before anything starts, and as a mistake in the arguments. */
async function checkScenario(nameOrPath: string, from: string): Promise<void> {
  const { loadScenario } = await import('./scenario/load.ts');
  const { ScenarioError } = await import('./scenario/table.ts');
  try {
    loadScenario(nameOrPath);
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(`${from} ${error.message}`, 'see --list-scenarios');
    throw error;
  }
}

async function readRules(file: string): Promise<import('./protocol/messages.ts').Rule[]> {
  return (await import('./cli/rules-file.ts')).readRules(file);
}
