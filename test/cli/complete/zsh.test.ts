import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, FILES, needs, shell } from './fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-zsh-'));
for (const file of FILES) writeFileSync(join(directory, file), '');
afterAll(() => rmSync(directory, { recursive: true }));

/**
 * An interactive zsh in a pty of zsh's own, in which every line is typed, and Tab. compadd, which is called with all that
 * completes, prints it; a key bound to `finish` ends a line.
 */
const SCRIPT = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='' PS2='' TERM=dumb; setopt no_beep; autoload -Uz compinit && compinit -u -D; source $COMPLETION"
zpty -w z 'compadd() {
  [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]] && { builtin compadd "$@"; return }
  local -a hits; builtin compadd -A hits "$@"; (( $#hits )) && print -rl -- HIT:\${^hits}
  builtin compadd "$@"
}'
zpty -w z 'finish() { print -r -- ":FIN""ISHED:"; BUFFER= }; zle -N finish; bindkey "^X" finish'
zpty -w z 'zstyle ":completion:*" menu no; echo "REA""DY"'
zpty -r z got '*READY*'
for line in "$@"; do
  zpty -n -w z "$line"$'\\t\\x18'
  zpty -r z got '*:FINISHED:*'
  print -r -- "LINE:$line"
  print -r -- "$got"
done
zpty -d z
`;

const completed = new Map<string, string[]>();

/** One zsh for all lines: it takes a while to start. */
function completeAll(): void {
  const lines = CASES.map(([line]) => line);
  const out = shell('zsh', ['-f', '-c', SCRIPT, 'zsh', ...lines], '_iopftop', directory);
  let words: string[] = [];
  for (const text of out.replaceAll('\r', '').split('\n')) {
    const [, line] = /^LINE:(.*)$/.exec(text) ?? [];
    if (line !== undefined) {
      words = [];
      completed.set(line, words);
    }
    const [, hit] = /HIT:(.*)$/.exec(text) ?? [];
    // a file is added as it is typed
    const word = hit?.replaceAll('\\ ', ' ');
    if (word !== undefined && !words.includes(word)) words.push(word);
  }
}

describe('zsh completes', () => {
  it.for(CASES)('%s', ([line, words], ctx) => {
    needs('zsh', ctx);
    if (completed.size === 0) completeAll();
    expect(completed.get(line)?.sort()).toEqual([...words].sort());
  });
});
