// docs/keys.md is made from the key table: `npx vitest run test/ui/keys-doc.test.ts --update` writes it.
import { expect, it } from 'vitest';
import { LEGEND, SECTIONS } from '../../src/ui/help/lines.ts';
import { KEYS, type KeyBinding, keyName } from '../../src/ui/keys.ts';

const PLACES: Record<string, string> = { devices: 'devices', pending: 'pending groups', stream: 'fault stream' };

function keysPage(): string {
  const head = [
    '# Keys',
    '',
    'Made from `src/ui/keys.ts`, as the footer and the help (`?`) are; `npx vitest run test/ui/keys-doc.test.ts --update` writes it anew.',
  ];
  const sections = SECTIONS.flatMap(([title, belongs]) => ['', `## ${title}`, '', ...table(KEYS.filter(belongs))]);
  const dialogs = ['', 'In a dialog the arrows and Tab move between the choices.'];
  return [
    ...head,
    ...sections,
    ...dialogs,
    '',
    '## What the letters mean',
    '',
    ...LEGEND.map((l) => `- ${l}`),
    '',
  ].join('\n');
}

function table(bindings: KeyBinding[]): string[] {
  const rows = bindings.map(({ keys, help, where }) => {
    const only = where.length === 1 && where[0]! in PLACES ? ` Only in the panel of the ${PLACES[where[0]!]}.` : '';
    return `| ${keys.map((key) => `\`${keyName(key)}\``).join(' ')} | ${help}${only} |`;
  });
  return ['| Key | What it does |', '| --- | --- |', ...rows];
}

it('is what docs/keys.md says', async () => {
  await expect(keysPage()).toMatchFileSnapshot('../../docs/keys.md');
});
