// What `iopftop rescue` was asked to do.
import type { EngineOptions } from '../../engine/options.ts';
import { engineOptions } from '../engine-options.ts';
import type { Call, Given } from '../given.ts';
import { checkTogether } from '../together.ts';
import { UsageError } from '../usage-error.ts';

export interface RescuePlan {
  readonly pid: number;
  readonly stop: boolean;
  readonly resume: boolean;
  readonly code: 'success' | 'invalid';
  /** SUCCESS may go to groups that nobody has seen; null: the user must be asked. */
  readonly unseenSuccess: boolean | null;
  readonly scan: number | null;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The user would have to be asked, but there is no terminal. */
export class NobodyToAsk extends UsageError {}

/** `asks`: there is a terminal to ask on. Throws UsageError. */
export function planOf({ command, given }: Call, asks: boolean): RescuePlan {
  const { pid } = given;
  if (typeof pid !== 'number') throw new UsageError('--pid is missing', 'iopftop rescue --pid PID');
  checkTogether({ ...given, backend: 'host' }, command.options);
  const dryRun = given['dry-run'] === true;
  const yes = given.yes === true;
  if (!dryRun && !yes && !asks) {
    throw new NobodyToAsk(
      'rescue: there is no terminal to ask on',
      '--yes does it without asking, --dry-run shows what it would do',
    );
  }
  const code = given.code === 'success' ? 'success' : 'invalid';
  const unseenSuccess = given['unseen-success'] === true;
  if (code === 'success' && !unseenSuccess && !dryRun && (yes || !asks)) {
    throw new UsageError(
      '--code success would also go to groups that iopftop never saw',
      'confirm with --unseen-success, or answer invalid',
    );
  }
  return {
    pid,
    stop: given['no-stop'] !== true,
    resume: given['leave-stopped'] !== true,
    code,
    unseenSuccess: unseenSuccess || null,
    scan: typeof given.scan === 'number' ? given.scan : null,
    dryRun,
    yes,
    json: given.json === true,
  };
}

/** The engine only watches the process until a command asks for more; in a dry run it refuses that. */
export function optionsFor({ pid, dryRun }: RescuePlan, given: Given): EngineOptions {
  const journal = given.journal === undefined ? {} : { journal: given.journal };
  return engineOptions({ backend: 'host', pid, 'on-exit': 'invalid', 'read-only': dryRun, ...journal }, null, true);
}
