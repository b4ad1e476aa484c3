import { COMMANDS, FIRST_WORDS, secondWords } from '../commands.ts';
import type { Option } from '../option.ts';
import { argumentValues, optionValues, optionWords, PLACES, type Place, type Values } from './words.ts';

const take = ({ words, files }: Values): string[] => [
  ...(words.length ? [`COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur"))`] : []),
  // Names of files can have spaces
  ...(files
    ? [`mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")`, 'compopt -o filenames 2>/dev/null']
    : []),
];

/** What follows an option that has a value. The same name can have other values in another place. */
function valueCase(option: Option, scenarios: readonly string[]): string[] {
  const values = optionValues(option, scenarios);
  if (!values) return [];
  return [
    `        ${optionWords(option).join('|')})`,
    ...take(values).map((line) => `          ${line}`),
    '          return',
    '          ;;',
  ];
}

const id = ({ words }: Place): string => words.join(' ');

function placeCase(place: Place, scenarios: readonly string[]): string[] {
  const argument = place.arguments[0];
  const options = place.options.flatMap(optionWords).join(' ');
  const first = place.words.length === 0 ? [...FIRST_WORDS].join(' ') : '';
  const rest = argument ? take(argumentValues(argument)) : first ? take({ words: first.split(' '), files: false }) : [];
  const values = place.options.flatMap((option) => valueCase(option, scenarios));
  return [
    `    '${id(place)}')`,
    ...(values.length ? ['      case $prev in', ...values, '      esac'] : []),
    `      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${options}' -- "$cur")); return; fi`,
    // An argument, and a command, stands right after what it belongs to
    ...(rest.length
      ? [`      if ((COMP_CWORD == ${place.words.length + 1})); then`, ...rest.map((l) => `        ${l}`), '      fi']
      : []),
    '      ;;',
  ];
}

const twoWords = [...new Set(COMMANDS.filter(({ words }) => words.length === 2).map(({ words }) => words[0]))];

/** The completions for bash 4 and later. */
export function bashCompletion(scenarios: readonly string[]): string {
  const second = twoWords.flatMap((word) => [
    `    ${word})`,
    `      if ((COMP_CWORD == 2)) && [[ $cur != -* ]]; then COMPREPLY=($(compgen -W '${secondWords(word).join(' ')}' -- "$cur")); return; fi`,
    `      place="\${COMP_WORDS[1]} \${COMP_WORDS[2]}"`,
    '      ;;',
  ]);
  const single = FIRST_WORDS.filter((word) => !twoWords.includes(word));
  return `# bash completion for iopftop; made by \`iopftop completion bash\`

_iopftop() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} place=''
  COMPREPLY=()
  # --name=value comes as three words
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case \${COMP_WORDS[1]} in
${second.join('\n')}
    ${single.join('|')})
      ((COMP_CWORD > 1)) && place=\${COMP_WORDS[1]}
      ;;
  esac
  case $place in
${PLACES.flatMap((place) => placeCase(place, scenarios)).join('\n')}
  esac
}

complete -F _iopftop iopftop
`;
}
