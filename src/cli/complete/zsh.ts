import { type Argument, COMMANDS } from '../commands.ts';
import type { Option } from '../option.ts';
import { TABLE } from '../options.ts';
import { argumentValues, firstWords, optionValues, optionWords, PLACES, type Place, type Values } from './words.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Inside a description: brackets and colons have a meaning of their own. */
const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

/** `both`: the function that offers words and files. */
function action({ words, files }: Values, both = ''): string {
  if (files) return words.length ? both : '_files';
  return words.length ? `(${words.join(' ')})` : '';
}

const bothFunction = ({ name }: Option): string => `_iopftop-${name}`;

/** A separate function, because an action cannot contain colons. */
function bothFunctions(scenarios: readonly string[]): string[] {
  return TABLE.flatMap((option) => {
    const values = optionValues(option, scenarios);
    if (!values?.files || values.words.length === 0) return [];
    const words = quote(`words:word:(${values.words.join(' ')})`);
    return [`${bothFunction(option)}() {\n  _alternative ${words} 'files:file:_files'\n}\n`];
  });
}

/** The spec of an option for _arguments. */
function optionSpec(option: Option, scenarios: readonly string[]): string {
  const { name, alias, describe, value, conflicts = [] } = option;
  const values = optionValues(option, scenarios);
  const excluded = [...optionWords(option), ...conflicts.map((other) => `--${other}`)].join(' ');
  const taken = values ? `:${escaped((value ?? name).toLowerCase())}:${action(values, bothFunction(option))}` : '';
  const text = `[${escaped(describe)}]${taken}`;
  const [short, long] = values ? [`-${alias}+`, `--${name}=`] : [`-${alias}`, `--${name}`];
  if (alias === undefined) return quote(`(${excluded})${long}${text}`);
  // Braces are expanded by the shell, so they stand outside the quotes
  return `${quote(`(${excluded})`)}{${short},${long}}${quote(text)}`;
}

function argumentSpec(argument: Argument, i: number): string {
  const place = argument.required ? `${i + 1}:` : `${i + 1}::`;
  return quote(`${place}${argument.name.toLowerCase()}:${action(argumentValues(argument))}`);
}

const functionOf = (words: readonly string[]): string => ['_iopftop', ...words].join('_');

function placeFunction(place: Place, scenarios: readonly string[]): string {
  const specs = [...place.options.map((option) => optionSpec(option, scenarios)), ...place.arguments.map(argumentSpec)];
  return `${functionOf(place.words)}() {\n  _arguments -s -S \\\n    ${specs.join(' \\\n    ')}\n}\n`;
}

function secondsFunction(first: string): string {
  const group = COMMANDS.filter(({ words }) => words[0] === first && words.length === 2);
  if (group.length === 0) return '';
  const list = group.map(({ words, describe }) => quote(`${words[1]}:${escaped(describe)}`));
  return `_iopftop_${first}() {
  if ((CURRENT == 2)); then
    local -a commands=(${list.join(' ')})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  (($+functions[_iopftop_${first}_$command])) && _iopftop_${first}_$command
}
`;
}

/** The completions for zsh: a file _iopftop in $fpath. */
export function zshCompletion(scenarios: readonly string[]): string {
  const firsts = firstWords();
  const list = firsts.map(({ word, describe }) => quote(`${word}:${escaped(describe)}`));
  return `#compdef iopftop
# zsh completion for iopftop; made by \`iopftop completion zsh\`

${bothFunctions(scenarios).join('\n')}
${PLACES.map((place) => placeFunction(place, scenarios).replace('_iopftop()', '_iopftop-options()')).join('\n')}
${firsts
  .map(({ word }) => secondsFunction(word))
  .filter(Boolean)
  .join('\n')}
_iopftop() {
  if ((CURRENT > 2)) && (($+functions[_iopftop_$words[2]])); then
    local command=$words[2]
    shift words
    ((CURRENT--))
    _iopftop_$command
    return
  fi
  if ((CURRENT == 2)) && [[ $PREFIX != -* ]]; then
    local -a commands=(${list.join(' ')})
    _describe command commands
    return
  fi
  _iopftop-options
}

if [[ $funcstack[1] == _iopftop ]]; then
  _iopftop "$@"
else
  compdef _iopftop iopftop
fi
`;
}
