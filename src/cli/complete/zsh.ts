import { type Argument, COMMANDS } from '../commands.ts';
import type { Option } from '../option.ts';
import { argumentValues, firstWords, optionValues, PLACES, type Place, type Values } from './words.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Inside a description: brackets and colons have a meaning of their own. */
const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

function action({ words, files }: Values): string {
  if (files && words.length) return `{_alternative 'words:word:(${words.join(' ')})' 'files:file:_files'}`;
  if (files) return '_files';
  return words.length ? `(${words.join(' ')})` : '';
}

/** The spec of an option for _arguments. */
function optionSpec(option: Option, scenarios: readonly string[]): string {
  const { name, alias, describe, value, conflicts = [] } = option;
  const values = optionValues(option, scenarios);
  const same = alias === undefined ? [] : [`-${alias}`];
  const excluded = [...same, `--${name}`, ...conflicts.map((other) => `--${other}`)];
  const text = `[${escaped(describe)}]${values ? `:${escaped((value ?? name).toLowerCase())}:${action(values)}` : ''}`;
  const names = alias === undefined ? `--${name}` : `{-${alias},--${name}}`;
  const form = values ? (alias === undefined ? `--${name}=` : `{-${alias}+,--${name}=}`) : names;
  // braces are expanded by the shell, so they stand outside the quotes
  return form.startsWith('{')
    ? `'(${excluded.join(' ')})'${form}${quote(text)}`
    : quote(`(${excluded.join(' ')})${form}${text}`);
}

const argumentSpec = (argument: Argument, i: number): string =>
  quote(
    `${argument.required ? '' : ':'}${i + 1}:${argument.name.toLowerCase()}:${action(argumentValues(argument))}`.replace(
      /^:(\d)/,
      '$1:',
    ),
  );

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
  const [options, ...commands] = PLACES;
  return `#compdef iopftop
# zsh completion for iopftop; made by \`iopftop completion zsh\`

${[options!, ...commands].map((place) => placeFunction(place, scenarios).replace('_iopftop()', '_iopftop_options()')).join('\n')}
${firsts
  .map(({ word }) => secondsFunction(word))
  .filter(Boolean)
  .join('\n')}
_iopftop() {
  if ((CURRENT > 2)) && (($+functions[_iopftop_$words[2]])) && [[ $words[2] != options ]]; then
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
  _iopftop_options
}

if [[ $funcstack[1] == _iopftop ]]; then
  _iopftop "$@"
else
  compdef _iopftop iopftop
fi
`;
}
