import { readConfig } from '../../../src/cli/config/load.ts';

/** What is wrong in the text, as `iopftop config check` says it of a file c.toml. */
export async function problemsOf(text: string): Promise<string[]> {
  return (await readConfig({ file: 'c.toml', text })).problems.lines();
}
