import type { Call } from '../parse.ts';
import type { Print } from '../run-command.ts';
import { UsageError } from '../usage-error.ts';

export async function run(_call: Call, _print: Print): Promise<number> {
  throw new UsageError('rescue: not there yet', '');
}
