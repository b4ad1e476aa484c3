// Configuration → engine options → engine → front end: how a run begins.

import type { Companion, FrontEnd } from './cli/companion.ts';
import { complain, complainLines } from './cli/complain.ts';
import type { FoundConfig } from './cli/config/file.ts';
import { type FileConfig, NO_CONFIG } from './cli/config/file-config.ts';
import type { Settings } from './cli/config/merge.ts';
import type { Given } from './cli/given.ts';
import { UsageError } from './cli/usage-error.ts';
import type { EngineClient } from './engine/thread/client.ts';
import type { SignalSource } from './headless/headless.ts';
import { type GiveUpRoot, rootToGiveUp } from './privileges.ts';
import { Exit } from './protocol/exit.ts';
import type { Hello } from './protocol/messages.ts';
import { leaveScreen } from './terminal/guard.ts';
import { keyboard } from './terminal/keyboard.ts';
import { wantsAscii } from './text/locale.ts';
import { joinLines, stderrLine } from './text/one-line.ts';
import { keepOnlyAscii } from './text/visible.ts';
import type { ScreenConfig } from './ui/model/config.ts';
import { VERSION } from './version.ts';

const DEFAULT_ONCE_MS = 1_000;

/**
 * Starts the engine as the options and the configuration file say, and runs the front end on it. `companion`: what runs
 * beside it, created once only the engine itself can still refuse. Resolves with the exit code. Throws UsageError.
 */
export async function start(typed: Given, makeCompanion?: (frontEnd: FrontEnd) => Companion): Promise<number> {
  const settings = await settingsOf(typed);
  const { given, alarms, notice } = settings;
  keepOnlyAscii(wantsAscii(settings.screen.unicode, process.env, process.stdout.isTTY));
  if (typeof given.scenario === 'string') {
    await checkScenario(
      given.scenario,
      typed.scenario === undefined ? settings.file : null,
      typed.config === undefined,
    );
  }
  const rules = typeof given.rules === 'string' ? await readRules(given.rules) : settings.rules;
  if (Array.isArray(given.expect)) await checkExpectations(given.expect.map(String));
  const frontEnd = frontEndOf(given);
  // The screen shows it itself.
  if (notice !== null && frontEnd !== 'screen') complainLines([notice]);
  const { engineOptions } = await import('./cli/engine-options.ts');
  const { StartError, startEngine } = await import('./engine/thread/start.ts');
  if (given.force !== undefined && !(await forceIsMeant(given))) return Exit.ERROR;
  const companion = makeCompanion?.(frontEnd);
  if (frontEnd !== 'screen' && given.take === true && typeof given.pid === 'number') await sayRisks(given.pid);
  // From here on something may be attached: a signal ends the run by its exit plan, whoever listens then.
  const signals = frontEnd === 'screen' ? null : new (await import('./headless/kept-signals.ts')).KeptSignals();
  const options = engineOptions(given, rules, frontEnd === 'headless', alarms);
  const from = rulesFrom(given, settings);
  if (from !== null && options.rules.length > 0) options.rulesFrom = from;
  if (companion) options.command = companion.name;
  if (notice !== null) options.notice = notice;
  // The command of exec runs as root too, and we must be able to end it.
  const giveUpRoot = await rootToGiveUp(options.source, given['keep-root'] === true || companion !== undefined);
  const { whileWaiting } = await import('./while-waiting.ts');
  let engine: EngineClient;
  let screen: ReturnType<typeof loadScreen> | null = null;
  try {
    const starting = startEngine(options, VERSION, whileWaiting(signals));
    // While its thread starts: loading is not interrupted.
    if (signals === null) screen = loadScreen();
    engine = await starting;
  } catch (error) {
    leaveScreen();
    if (!(error instanceof StartError)) throw error;
    complain(error.said(), frontEnd === 'headless');
    return Exit.ERROR;
  }
  const runFrontEnd = async (client: EngineClient): Promise<number> => {
    if (signals === null) {
      return runOnTerminal(client, await (screen as NonNullable<typeof screen>), settings.screen, giveUpRoot);
    }
    const run = frontEnd === 'once' ? once : headless;
    return run(client, given, signals, () => {
      const problem = giveUpRoot();
      if (problem !== null) complainLines([problem]);
    });
  };
  return companion ? companion.run(engine, runFrontEnd) : runFrontEnd(engine);
}

/** Whether --force was confirmed; prints a message if it was not. */
async function forceIsMeant(given: Given): Promise<boolean> {
  const { confirmForce } = await import('./cli/confirm-force.ts');
  const { DeviceNotFound } = await import('./host/find.ts');
  try {
    if (await confirmForce(given)) return true;
    complainLines(['nothing was changed']);
  } catch (error) {
    if (!(error instanceof DeviceNotFound)) throw error;
    complainLines([`--force: ${error.message}; ${error.hint}`]);
  }
  return false;
}

/** The screen shows them where it asks; here nobody is asked, so they are printed before anything is taken. */
async function sayRisks(pid: number): Promise<void> {
  const { takeRisks } = await import('./text/owner-risk.ts');
  for (const risk of takeRisks(pid)) process.stderr.write(stderrLine(`--take: ${risk}`));
}

/** The command line over the configuration file, if there is one. */
async function settingsOf(typed: Given): Promise<Settings & Pick<FoundConfig, 'notice'>> {
  const { merge } = await import('./cli/config/merge.ts');
  const { config, notice } = await fileOf(typed.config);
  return { ...merge(typed, config), notice };
}

/** A mistake in the default file would stop every start, so the message says how to start without it. */
async function fileOf(named: Given['config']): Promise<Pick<FoundConfig, 'notice'> & { config: FileConfig }> {
  const { findConfig } = await import('./cli/config/file.ts');
  try {
    const { text, notice } = findConfig(typeof named === 'string' ? named : undefined, process.env);
    const config = text ? await (await import('./cli/config/load.ts')).loadConfig(text) : NO_CONFIG;
    return { config, notice };
  } catch (error) {
    throw named === undefined && error instanceof UsageError ? withNone(error) : error;
  }
}

const withNone = (error: UsageError): UsageError =>
  error.hint.includes('--config none')
    ? error
    : new UsageError(error.message, `${error.hint}; --config none starts without the file`, error);

function frontEndOf(given: Given): FrontEnd {
  if (given.once) return 'once';
  if (!given.headless && process.stdout.isTTY) return 'screen';
  if (given['pause-at'] === undefined) return 'headless';
  throw new UsageError(
    '--pause-at is for the screen, but stdout is not a terminal',
    '--duration ends a run after a time',
  );
}

async function loadScreen() {
  const { layoutReady } = await import('./ui/paint/layout-ready.ts');
  const screen = await import('./ui/app/screen.ts');
  await layoutReady;
  return screen;
}

async function runOnTerminal(
  client: EngineClient,
  { runScreen }: typeof import('./ui/app/screen.ts'),
  config: ScreenConfig,
  giveUpRoot: GiveUpRoot,
): Promise<number> {
  let hello: Hello | undefined;
  client.onMessage((message) => {
    if (message.type === 'hello') hello = message;
  });
  if (!hello) throw new Error('the engine did not say hello first');
  const stdin = keyboard();
  if (!stdin) throw new UsageError('there is no terminal to read keys from', 'use --headless');
  return runScreen(client, hello, { stdout: process.stdout, stdin, env: process.env, giveUpRoot }, config);
}

async function headless(
  client: EngineClient,
  given: Given,
  signals: SignalSource,
  opened: () => void,
): Promise<number> {
  const { runHeadless } = await import('./headless/headless.ts');
  const { openStdin, openStdout } = await import('./headless/stdio.ts');
  const stream = given.stream === 'groups' || given.stream === 'none' ? given.stream : 'faults';
  const endsByItself = [given.duration, given.count, given.idle].some((value) => value !== undefined);
  const io = { stdin: openStdin(), stdout: openStdout(), stderr: process.stderr, signals };
  opened();
  return runHeadless(client, { stream, endsByItself }, io);
}

async function once(client: EngineClient, given: Given, signals: SignalSource, opened: () => void): Promise<number> {
  const { runOnce } = await import('./headless/once.ts');
  const { openStdout } = await import('./headless/stdio.ts');
  const afterMs = typeof given.duration === 'number' ? given.duration : DEFAULT_ONCE_MS;
  const io = { stdout: openStdout(), stderr: process.stderr, signals };
  opened();
  return runOnce(client, { afterMs, json: given.json === true }, io);
}

/** Reported before anything starts, as a mistake in the arguments. */
/** `file`: the configuration that names it; null: the command line does. */
async function checkScenario(nameOrPath: string, file: string | null, always: boolean): Promise<void> {
  const { loadScenario } = await import('./scenario/load.ts');
  const { ScenarioError } = await import('./scenario/table.ts');
  try {
    loadScenario(nameOrPath);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const from = file === null ? '--scenario' : `${file}: scenario`;
    const wrong = new UsageError(`${from} ${error.message}`, 'see --list-scenarios', error);
    throw file !== null && always ? withNone(wrong) : wrong;
  }
}

/** For the journal; null: no rules. */
function rulesFrom({ rules, answer }: Given, { rules: ofFile, file }: Settings): string | null {
  if (typeof rules === 'string') return joinLines(`--rules ${rules}`);
  if (ofFile !== null) return file === null ? null : joinLines(file);
  return answer === undefined ? null : '--answer';
}

const EXPECTED = 'give a CEL condition over the summary, such as success == groups && invalid == 0';

/** The same of --expect. */
async function checkExpectations(exprs: readonly string[]): Promise<void> {
  const { compileExpectations, ExpectError } = await import('./engine/rules/expectations.ts');
  try {
    compileExpectations(exprs);
  } catch (error) {
    if (error instanceof ExpectError) throw new UsageError(error.message, EXPECTED, error);
    throw error;
  }
}

async function readRules(file: string): Promise<import('./protocol/messages.ts').Rule[]> {
  return (await import('./cli/rules-file.ts')).readRules(file);
}
