// The configuration file, read and checked.
import { parse, TomlError } from 'smol-toml';
import { joinLines } from '../../text/one-line.ts';
import { checkTable } from './check.ts';
import type { ConfigText } from './file.ts';
import type { FileConfig } from './file-config.ts';
import { Problems } from './problems.ts';

/** Reads the text; mistakes are in the problems. After a mistake in the TOML itself, that is the only problem. */
export async function readConfig({
  file,
  text,
}: ConfigText): Promise<{ config: FileConfig | null; problems: Problems }> {
  const problems = new Problems(file, text);
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = joinLines(error.message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '');
    problems.addAt(error.line, `column ${error.column}: ${what}`, 'the file is TOML: key = value, strings in quotes');
    return { config: null, problems };
  }
  const config = checkTable(table, problems);
  if (config.filters.length > 0 || config.rules?.some(({ when, afterMs, name }) => when ?? afterMs ?? name)) {
    (await import('./conditions.ts')).checkConditions(config, problems);
  }
  return { config, problems };
}

/** The same for a run: throws UsageError for the first thing that is wrong. */
export async function loadConfig(text: ConfigText): Promise<FileConfig> {
  const { config, problems } = await readConfig(text);
  if (problems.any || config === null) throw problems.error();
  return config;
}
