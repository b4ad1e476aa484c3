// docs/keys.md is generated from the key table: `npx vitest run test/ui/keys-doc.test.ts --update` writes it.
import { expect, it } from 'vitest';
import { REPEAT_MS, REST_MS, TOGETHER_MS } from '../../src/terminal/pace.ts';
import { DROP_MS, ESCAPE_MS, LATE_MS } from '../../src/terminal/times.ts';
import { KEYS, type KeyBinding, keyName } from '../../src/ui/model/keys.ts';
import { LEGEND, SECTIONS } from '../../src/ui/overlays/help/lines.ts';

const PLACES: Record<string, string> = { devices: 'devices', pending: 'pending groups', stream: 'fault stream' };

const HOW_KEYS_COME = [
  '## How keys arrive',
  '',
  'Only a person acts. A key that answers, changes, asks or leaves must be pressed by itself:',
  '',
  `- Characters within ${TOGETHER_MS} ms of one another, or in one packet, arrived together, as in a paste without brackets (\`tmux paste-buffer\` without \`-p\`), or from a keyboard token. They move and look, and are text in a text field. A key among them that would act is refused, the status line says so, and the rest of them is dropped. So a key that acts does so ${TOGETHER_MS} ms after it was pressed. The time is when the bytes arrived; bytes that waited in the terminal's queue while iopftop handled the previous character count as together, because their times are unknown.`,
  `- A key that is held down acts once: repeats within ${REPEAT_MS} ms are refused. So the same key a second time within 1.2 s acts ${REPEAT_MS} ms after it was pressed.`,
  '- If the terminal is too small for the screen, only Ctrl-C, Ctrl-Z and Ctrl-L do anything.',
  `- A slow link may put \`j\` and \`s\` into one packet: \`s\` is then refused; press it again. Arrows are not text: \`↓\` and \`Enter\` in one packet work.`,
  `- For ${REST_MS / 1000} s after more than three different characters at once nothing acts: the rest of a paste may still be on its way. Enter in the palette, in a dialog and in the rule editor counts as acting; in a filter it does not.`,
  '- A paste in brackets is text in a text field, and nothing elsewhere. Ctrl-C always works, unless text comes right after it.',
  `- A lone Esc acts ${ESCAPE_MS} ms after it was pressed, because a sequence of the terminal begins in the same way.`,
  `- What a terminal sends by itself (replies, reports) is not a key, whole or in pieces. If such a sequence begins and does not end, its characters are dropped: Ctrl-C, or Esc twice, or after ${DROP_MS / 1000} s Esc, Enter or an arrow ends it; ${LATE_MS / 1000} s of silence end it too.`,
  '- Keys typed before the first view, or in the shell before `fg`, are discarded.',
];

function keysPage(): string {
  const head = [
    '# Keys',
    '',
    'Generated from `src/ui/model/keys.ts`, as the footer and the help (`?`) are; `npx vitest run test/ui/keys-doc.test.ts --update` writes it.',
  ];
  const sections = SECTIONS.flatMap(([title, belongs]) => ['', `## ${title}`, '', ...table(KEYS.filter(belongs))]);
  const dialogs = ['', 'In a dialog the arrows and Tab move between the choices.'];
  return [
    ...head,
    ...sections,
    ...dialogs,
    '',
    ...HOW_KEYS_COME,
    '',
    '## What the letters mean',
    '',
    ...LEGEND.map((l) => `- ${l}`),
    '',
  ].join('\n');
}

function table(bindings: KeyBinding[]): string[] {
  const rows = bindings.map(({ keys, help, where }) => {
    const only = where.length === 1 && where[0]! in PLACES ? ` Only in the ${PLACES[where[0]!]} panel.` : '';
    return `| ${keys.map((key) => `\`${keyName(key)}\``).join(' ')} | ${help}${only} |`;
  });
  return ['| Key | What it does |', '| --- | --- |', ...rows];
}

it('is what docs/keys.md says', async () => {
  await expect(keysPage()).toMatchFileSnapshot('../../docs/keys.md');
});
