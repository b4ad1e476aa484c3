// The files that are made from the tables and checked in: `npm run build` writes them, a test compares them.
import { protocolPage, withTables } from '../protocol/doc.ts';
import { schemaText } from '../protocol/schema.ts';
import { scenarioNames } from '../scenario/load.ts';
import { SHELLS, type Shell } from './commands.ts';
import { completion } from './complete/completion.ts';
import { configPage } from './config/doc.ts';
import { configSchemaText } from './config/schema.ts';
import { devicesSchemaText } from './devices/schema.ts';
import { doctorPage } from './doctor/doc.ts';
import { doctorSchemaText } from './doctor/schema.ts';
import { manPage } from './man.ts';

const COMPLETIONS: Record<Shell, string> = {
  bash: 'completions/iopftop.bash',
  zsh: 'completions/_iopftop',
  fish: 'completions/iopftop.fish',
};

/** Paths below the repository, with their texts. */
export const generatedFiles = (version: string): readonly (readonly [path: string, text: string])[] => [
  ['man/iopftop.1', manPage(version)],
  ...SHELLS.map((shell) => [COMPLETIONS[shell], completion(shell, scenarioNames())] as const),
  ['schema/iopftop-1.schema.json', schemaText()],
  ['schema/config.schema.json', configSchemaText()],
  ['schema/iopftop-devices-1.schema.json', devicesSchemaText()],
  ['schema/iopftop-doctor-1.schema.json', doctorSchemaText()],
  ['docs/config.md', configPage()],
  ['docs/doctor.md', doctorPage()],
  ['docs/protocol.md', protocolPage()],
];

/** Hand-written pages with generated tables: how each is made from its present text. */
export const PAGES_WITH_TABLES: readonly (readonly [path: string, made: (page: string) => string])[] = [
  ['docs/headless.md', withTables],
];
