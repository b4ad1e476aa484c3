// A look at the arguments and the configuration file before anything is loaded: will it be the screen? Then its first frame
// can be drawn at once. In doubt the answer is no; parse.ts decides.
import { joinLines } from '../text/one-line.ts';
import { COMMAND_OPTIONS } from './command-options.ts';
import { findConfig } from './config/file.ts';
import { type Option, TABLE } from './options.ts';
import { readings } from './spelling.ts';

/** Options that lead to something other than a screen, or ask before it. */
const NOT_SCREEN = ['headless', 'once', 'json', 'list-scenarios', 'version', 'help', 'virtual-time', 'force'];

export interface FirstLook {
  /** What is being opened: "MOCK stuck", "0000:17:00.0", "PID 1234". */
  target: string;
  unicode: string;
  /** The queues are another process's, which has a panel. */
  owner?: true;
}

type Values = ReadonlyMap<string, readonly string[]>;

/** The options' values, or null: it will not be the screen, or that is unknown. */
function valuesOf(args: readonly string[]): Values | null {
  const isExec = args[0] === 'exec';
  const own = isExec ? args.slice(1) : args;
  const table: readonly Option[] = isExec ? [...TABLE, COMMAND_OPTIONS.output] : TABLE;
  const values = new Map<string, string[]>();
  let end = 0;
  for (const reading of readings(own, table)) {
    // The command of `exec`, whose options are its own
    if (reading.word !== null) return isExec ? values : null;
    if (reading.unknown) return null;
    for (const { option, value } of reading.spelt) {
      if (NOT_SCREEN.includes(option.name)) return null;
      if (option.kind === 'flag') continue;
      if (value === null) return null;
      values.set(option.name, [...(values.get(option.name) ?? []), value]);
    }
    end = reading.end;
  }
  // What is left is `--` and a command after it.
  const left = own.length - end;
  return (isExec ? left > 1 : left === 0) ? values : null;
}

/** In the words of the target itself (Hello.target.label); null: none of these. */
function hostTarget(given: Values): string | null {
  const [devices, [pid], faultFds, [listen]] = (['device', 'pid', 'fault-fd', 'listen'] as const).map(
    (name) => given.get(name) ?? [],
  ) as [readonly string[], readonly string[], readonly string[], readonly string[]];
  if (devices.length) return devices.length === 1 ? devices[0]! : `${devices.length} devices`;
  if (pid !== undefined) return `PID ${pid}`;
  const handed = [faultFds.length ? 'handed over' : '', listen === undefined ? '' : `listens at ${listen}`];
  return handed.filter(Boolean).join(', ') || null;
}

/** The top-level keys of the file that the first frame depends on; null if one is not in plain quotes. */
function configured(text: string): Map<string, string> | null {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trimStart().startsWith('[')) break;
    const [, key, value] = /^\s*["']?(backend|scenario|unicode)["']?\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    const [, , content] = /^(["'])([^"'\\]*)\1\s*(#.*)?$/.exec(value!.trimEnd()) ?? [];
    if (content === undefined) return null;
    values.set(key, content);
  }
  return values;
}

/** The configuration as far as a quick look shows it; null if it cannot be used. */
function fromConfig(named: string | undefined, env: NodeJS.ProcessEnv): Map<string, string> | null {
  try {
    return configured(findConfig(named, env).text?.text ?? '');
  } catch {
    return null;
  }
}

/** What the first frame shows, or null if there is none. */
export function firstLook(args: readonly string[], defaultScenario: string, env: NodeJS.ProcessEnv): FirstLook | null {
  const given = valuesOf(args);
  const config = given && fromConfig(given.get('config')?.at(-1), env);
  if (!config) return null;
  const value = (name: string) => given.get(name)?.at(-1) ?? config.get(name);
  const unicode = value('unicode') ?? 'auto';
  const host = hostTarget(given);
  const typed = given.get('backend')?.at(-1);
  if (host !== null && typed !== 'selftest') {
    const owner = given.has('pid') && !given.has('device') ? ({ owner: true } as const) : {};
    return { target: joinLines(typed === 'mock' ? `MOCK ${host}` : host), unicode, ...owner };
  }
  // `host` alone is a mistake
  if (value('backend') === 'host') return null;
  const target = value('backend') === 'selftest' ? 'selftest' : `MOCK ${value('scenario') ?? defaultScenario}`;
  return { target, unicode };
}

/** The environment in which the first frame, too, has the characters that were asked for. */
export function envFor(unicode: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (unicode === 'never') return { ...env, LC_ALL: 'C' };
  return unicode === 'always' ? { ...env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' } : env;
}
