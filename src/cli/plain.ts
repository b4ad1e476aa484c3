// A look at the arguments before anything is loaded: will it be the screen? Then its first frame can be drawn at once.
// Whoever is in doubt says no; parse.ts has the last word.
import { type Option, TABLE } from './options.ts';

/** Options that end in something else than a screen. */
const NOT_SCREEN = ['headless', 'once', 'json', 'list-scenarios', 'version', 'help', 'virtual-time'];

const optionOf = (word: string): Option | undefined =>
  TABLE.find(({ name, alias }) => word === `--${name}` || (alias !== undefined && word === `-${alias}`));

/** What the first frame says is being opened ("MOCK stuck"), or null where no first frame is due. */
export function firstFrameTarget(args: readonly string[], defaultScenario: string): string | null {
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
  if (values.get('backend') === 'selftest') return 'selftest';
  return `MOCK ${values.get('scenario') ?? defaultScenario}`;
}
