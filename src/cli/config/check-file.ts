// `iopftop config check`: everything that is wrong in a file.
import { loadScenario } from '../../scenario/load.ts';
import { ScenarioError } from '../../scenario/table.ts';
import type { Call } from '../given.ts';
import { UsageError } from '../usage-error.ts';
import { defaultConfigFile, findConfig } from './file.ts';
import type { FileConfig } from './file-config.ts';
import { readConfig } from './load.ts';
import type { Problems } from './problems.ts';

export interface CheckedFile {
  text: string;
  /** One line for each, in the order of the file. */
  problems: string[];
}

/** Checks the file given, by argument or by `--config`, or the default one. Throws UsageError for one that cannot be read. */
export async function check({ arguments: [file], given }: Call, env: NodeJS.ProcessEnv): Promise<CheckedFile> {
  if (file !== undefined && given.config !== undefined) {
    throw new UsageError('two files to check', 'give FILE or --config FILE');
  }
  const { text, notice } = findConfig(file ?? (given.config as string | undefined), env);
  if (notice !== null) return { text: '', problems: [notice] };
  if (text === null) {
    const place = defaultConfigFile(env) ?? 'a configuration file';
    return { text: `${place}: no such file, the defaults are in force\n`, problems: [] };
  }
  const { config, problems } = await readConfig(text);
  if (config) checkScenario(config, problems);
  return { text: `${text.file}: ok\n`, problems: problems.lines() };
}

function checkScenario({ given }: FileConfig, problems: Problems): void {
  if (typeof given.scenario !== 'string') return;
  try {
    loadScenario(given.scenario);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    problems.add(['scenario'], `scenario: ${error.message}`, 'see iopftop --list-scenarios');
  }
}
