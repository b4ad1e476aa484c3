// What the parent process has set and Node does not keep: ignored signals, and environment variables that only Node itself
// would obey. bin/iopftop looks before Node starts; this is the one place that knows what it saw.
import { constants } from 'node:os';

/** "PID:SigIgn" as /proc/self/status has it; exec keeps the PID, so the variable of a process around us is not believed. */
const STARTED = 'IOPFTOP_STARTED';
/** Before the name of a variable that was put aside. */
const USERS = 'IOPFTOP_USER_';

/** Node ignores these itself, and programs that it starts have them at their default (uv_spawn). */
const NODES_OWN: readonly NodeJS.Signals[] = ['SIGPIPE', 'SIGXFSZ'];
/**
 * Reading or writing a terminal from the background: a handler would be called again and again, so these stay as Node sets
 * them.
 */
const NO_HANDLER: readonly NodeJS.Signals[] = [
  'SIGTTIN',
  'SIGTTOU',
  'SIGCHLD',
  'SIGURG',
  'SIGWINCH',
  'SIGCONT',
  'SIGPROF',
];
const FAULTS: readonly NodeJS.Signals[] = [
  'SIGILL',
  'SIGFPE',
  'SIGSEGV',
  'SIGBUS',
  'SIGTRAP',
  'SIGSYS',
  'SIGKILL',
  'SIGSTOP',
];

/** The numbers in a signal set of /proc/PID/status: bit 0 is signal 1 (render_sigset_t). */
export function signalsIn(set: string): number[] {
  if (!/^[0-9a-f]+$/i.test(set)) return [];
  const bits = BigInt(`0x${set}`);
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((number) => (bits >> BigInt(number - 1)) & 1n);
}

export interface Inherited {
  /** Numbers of the signals that were ignored when we were started. */
  readonly ignored: readonly number[];
  /** Variables that Node would have obeyed, by their names. */
  readonly put: Readonly<Record<string, string>>;
}

/**
 * Takes what bin/iopftop left in `env` out of it. After `node bin/iopftop` nothing is there: then it is only known whether
 * nohup(1) started us, which bash and zsh write into `_`.
 */
export function takeFrom(env: NodeJS.ProcessEnv, pid: number): Inherited {
  const [starter, set] = (env[STARTED] ?? '').split(':');
  const known = starter === String(pid);
  const aside = Object.keys(env).filter((name) => name.startsWith(USERS));
  const put: Record<string, string> = {};
  if (known) for (const name of aside) put[name.slice(USERS.length)] = env[name]!;
  for (const name of [STARTED, ...aside]) delete env[name];
  const byNohup = !known && /(^|\/)nohup$/.test(env._ ?? '');
  return { ignored: known ? signalsIn(set ?? '') : byNohup ? [constants.signals.SIGHUP] : [], put };
}

let inherited: Inherited = { ignored: [], put: {} };

const ignore = (): void => {};

/** Once, as early as possible: what was ignored is ignored again, and SIGUSR1 opens no debugger to the whole machine. */
export function keepInherited(env: NodeJS.ProcessEnv = process.env, pid = process.pid): void {
  inherited = takeFrom(env, pid);
  const names = Object.keys(constants.signals) as NodeJS.Signals[];
  const theirs = names.filter((name) => isIgnored(name) && ![...NODES_OWN, ...NO_HANDLER, ...FAULTS].includes(name));
  for (const name of new Set<NodeJS.Signals>([...theirs, 'SIGUSR1'])) process.on(name, ignore);
}

/** Whether the signal was ignored when we were started: it stays so (POSIX: XCU 2.12, nohup; background jobs of a script). */
export const isIgnored = (signal: NodeJS.Signals): boolean => inherited.ignored.includes(constants.signals[signal]);

/** Those of them that may have a handler. */
export const heeded = <S extends NodeJS.Signals>(signals: readonly S[]): S[] =>
  signals.filter((name) => !isIgnored(name));

/** The signals that a program started for the user must ignore. */
export const ignoredSignals = (): readonly number[] => inherited.ignored;

/** The user's original environment, for a program that we start for the user. */
export const usersEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({
  ...env,
  ...inherited.put,
});
