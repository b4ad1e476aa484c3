// Scenarios by name, from the ones that come with the program, or by path.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeUtf8 } from '../text/utf8.ts';
import { parseScenario } from './parse.ts';
import { ScenarioError } from './table.ts';
import type { Scenario } from './types.ts';

export { DEFAULT_SCENARIO } from './default.ts';

const EXTENSION = '.toml';
const MOST_BYTES = 1_048_576;

/** The program's own directory, from its sources and from its bundle alike: the one above with both of these. */
function builtInDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'scenarios')) || !existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('the built-in scenarios are missing');
    directory = parent;
  }
  return join(directory, 'scenarios');
}

/** Names of the built-in scenarios, sorted. */
export const scenarioNames = (): string[] =>
  readdirSync(builtInDirectory())
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();

/** Name and description of each built-in scenario, by name. */
export function listScenarios(): { name: string; description: string }[] {
  return scenarioNames().map((name) => ({ name, description: loadScenario(name).description }));
}

/**
 * The built-in scenario of that name, or the file at that path (anything with a slash, or that ends in .toml). Throws
 * ScenarioError if it does not exist or is invalid.
 */
export function loadScenario(nameOrPath: string): Scenario {
  const isPath = nameOrPath.includes('/') || nameOrPath.endsWith(EXTENSION);
  if (!isPath && !scenarioNames().includes(nameOrPath)) {
    const names = scenarioNames().join(', ');
    throw new ScenarioError(nameOrPath, '', `no such scenario; use one of ${names}, or a file`);
  }
  const file = isPath ? nameOrPath : join(builtInDirectory(), nameOrPath + EXTENSION);
  return parseScenario(readText(file), isPath ? file : nameOrPath + EXTENSION);
}

function readText(file: string): string {
  try {
    const stat = statSync(file);
    // It is read twice, by the check and by the engine.
    if (!stat.isFile()) throw new ScenarioError(file, '', 'is not a regular file');
    if (stat.size > MOST_BYTES) throw new ScenarioError(file, '', `is larger than ${MOST_BYTES} bytes`);
    const text = decodeUtf8(readFileSync(file));
    if (typeof text === 'string') return text;
    throw new ScenarioError(file, '', `line ${text.line}, column ${text.column}: this is not UTF-8, as TOML must be`);
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ScenarioError(file, '', code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`, error);
  }
}
