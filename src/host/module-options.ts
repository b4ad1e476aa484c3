// The options a module gets when modprobe loads it: modprobe.d(5), and `module.option=` on the kernel's command line.
import { type CommandLine, underscores } from './command-line.ts';
import type { Reading } from './reading.ts';

/** In order of precedence: a file hides those of the same name in later ones. */
const DIRECTORIES = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
];

/** kstrtobool(); null: it is refused. */
export function toBool(text: string): boolean | null {
  if (/^[yt1]/i.test(text) || /^on/i.test(text)) return true;
  return /^[nf0]/i.test(text) || /^of/i.test(text) ? false : null;
}

/** The lines `options MODULE …` of all files, in the order of their names; lines continue after a backslash. */
function optionsOf(reading: Reading, module: string): string[] {
  const files = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    for (const name of reading.list(directory, 'the options of modules')) {
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${directory}/${name}`);
    }
  }
  return [...files.keys()].sort().flatMap((name) => {
    const text = reading.text(files.get(name)!, 'the options of modules') ?? '';
    return text
      .replaceAll('\\\n', '')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([word, of]) => word === 'options' && of !== undefined && underscores(of) === module)
      .flatMap(([, , ...options]) => options);
  });
}

/** A boolean option of a module that is not loaded, by default off. The last setting wins; `module` with underscores. */
export function moduleOption(reading: Reading, line: CommandLine, module: string, option: string): boolean {
  const said = [
    ...optionsOf(reading, module).map((word) => {
      const [name = '', value = null] = word.split('=');
      return { name: `${module}.${underscores(name)}`, value };
    }),
    ...line.parameters,
  ];
  const values = said.filter(({ name }) => name === `${module}.${option}`);
  // An option of this type without a value is on (KERNEL_PARAM_OPS_FL_NOARG).
  return values.reduce((on, { value }) => (value === null ? true : (toBool(value) ?? on)), false);
}
