import type { Shell } from '../commands.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const MAKERS: Record<Shell, (scenarios: readonly string[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The completion script for a shell; `scenarios` are the names that --scenario completes to. */
export const completion = (shell: Shell, scenarios: readonly string[]): string => MAKERS[shell](scenarios);
