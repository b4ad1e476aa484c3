import { COMMANDS, FIRST_WORDS } from '../commands.ts';
import type { Option } from '../option.ts';
import { argumentValues, firstWords, optionValues, PLACES, type Place } from './words.ts';

const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** When completions of a place are offered, as a fish command. */
function condition({ words }: Place): string {
  const [first, second] = words;
  if (first === undefined) return `not __fish_seen_subcommand_from ${FIRST_WORDS.join(' ')}`;
  const seen = `__fish_seen_subcommand_from ${first}`;
  return second === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${second}`;
}

function optionLine(place: Place, option: Option, scenarios: readonly string[]): string {
  const { name, alias, describe } = option;
  const values = optionValues(option, scenarios);
  return [
    `complete -c iopftop -n ${quote(condition(place))} -l ${name}`,
    ...(alias === undefined ? [] : [`-s ${alias}`]),
    ...(values ? [values.files ? '-r -F' : '-x'] : []),
    ...(values?.words.length ? [`-a ${quote(values.words.join(' '))}`] : []),
    `-d ${quote(describe)}`,
  ].join(' ');
}

function argumentLines(place: Place): string[] {
  return place.arguments.map((argument) => {
    const { words, files } = argumentValues(argument);
    const list = words.length ? ` -a ${quote(words.join(' '))}` : '';
    return `complete -c iopftop -n ${quote(condition(place))} ${files ? '-F' : '-f'}${list}`;
  });
}

/** The completions for fish 3 and later. */
export function fishCompletion(scenarios: readonly string[]): string {
  const none = `not __fish_seen_subcommand_from ${FIRST_WORDS.join(' ')}`;
  const first = firstWords().map(
    ({ word, describe }) => `complete -c iopftop -n ${quote(none)} -a ${word} -d ${quote(describe)}`,
  );
  const second = COMMANDS.flatMap(({ words: [one, two], describe }) => {
    if (two === undefined) return [];
    const all = COMMANDS.flatMap(({ words }) => (words[0] === one ? [words[1]] : [])).join(' ');
    const when = `__fish_seen_subcommand_from ${one}; and not __fish_seen_subcommand_from ${all}`;
    return [`complete -c iopftop -n ${quote(when)} -a ${two} -d ${quote(describe)}`];
  });
  const places = PLACES.flatMap((place) => [
    ...place.options.map((option) => optionLine(place, option, scenarios)),
    ...argumentLines(place),
  ]);
  return `# fish completion for iopftop; made by \`iopftop completion fish\`

complete -c iopftop -f
${[...first, ...second, ...places].join('\n')}
`;
}
