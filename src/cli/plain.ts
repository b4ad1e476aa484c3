// A look at the arguments, and at the configuration file, before anything is loaded: will it be the screen? Then its first
// frame can be drawn at once. Whoever is in doubt says no; parse.ts has the last word.
import { readConfigText } from './config/file.ts';
import { type Option, TABLE } from './options.ts';

/** Options that end in something else than a screen. */
const NOT_SCREEN = ['headless', 'once', 'json', 'list-scenarios', 'version', 'help', 'virtual-time'];

export interface FirstLook {
  /** What is being opened: "MOCK stuck". */
  target: string;
  unicode: string;
}

const optionOf = (word: string): Option | undefined =>
  TABLE.find(({ name, alias }) => word === `--${name}` || (alias !== undefined && word === `-${alias}`));

/** The options' values, or null: it will not be the screen, or cannot be told. */
function valuesOf(args: readonly string[]): Map<string, string> | null {
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const [word = '', inline] = args[i]!.split('=', 2);
    const option = optionOf(word);
    if (!option || NOT_SCREEN.includes(option.name)) return null;
    if (option.kind === 'flag') continue;
    const value = inline ?? args[++i];
    if (value === undefined) return null;
    values.set(option.name, value);
  }
  return values;
}

/** The keys of the file's top that the first frame goes by; null where one is written otherwise than in plain quotes. */
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

/** The configuration as far as it can be told at a glance; null where it cannot be used. */
function fromConfig(named: string | undefined, env: NodeJS.ProcessEnv): Map<string, string> | null {
  try {
    return configured(readConfigText(named, env)?.text ?? '');
  } catch {
    return null;
  }
}

/** What the first frame shows, or null where none is due. */
export function firstLook(args: readonly string[], defaultScenario: string, env: NodeJS.ProcessEnv): FirstLook | null {
  const given = valuesOf(args);
  const config = given && fromConfig(given.get('config'), env);
  if (!config) return null;
  const value = (name: string) => given.get(name) ?? config.get(name);
  const target = value('backend') === 'selftest' ? 'selftest' : `MOCK ${value('scenario') ?? defaultScenario}`;
  return { target, unicode: value('unicode') ?? 'auto' };
}

/** The environment in which the first frame, too, has the characters that were asked for. */
export function envFor(unicode: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (unicode === 'never') return { ...env, LC_ALL: 'C' };
  return unicode === 'always' ? { ...env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' } : env;
}
