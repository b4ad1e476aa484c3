// `iopftop exec`: a user-space driver with the devices open in it, whose faults are shown and answered here meanwhile.

import { ignoredSignals, usersEnvironment } from '../../inherited.ts';
import { stderrLine } from '../../text/one-line.ts';
import { complain } from '../complain.ts';
import { ExecCompanion } from '../exec/companion.ts';
import { CommandRefusal, findCommand } from '../exec/find-command.ts';
import { lookForHolders } from '../exec/holders.ts';
import { openOutput } from '../exec/output.ts';
import type { Call } from '../given.ts';
import { UsageError } from '../usage-error.ts';
import type { Start } from './given.ts';

/** Resolves with the exit code of the command, or of the run if that ended first. Throws UsageError. */
export async function run({ arguments: argv, given }: Call, start: Start): Promise<number> {
  if (!Array.isArray(given.device) || given.device.length === 0) {
    throw new UsageError(
      'exec: which device?',
      'iopftop exec --device ADDR -- COMMAND ...; `iopftop devices` lists them',
    );
  }
  let path: string;
  try {
    path = findCommand(argv[0] ?? '', usersEnvironment().PATH);
  } catch (error) {
    if (!(error instanceof CommandRefusal)) throw error;
    complain(error.said(), given.headless === true || !process.stdout.isTTY);
    return error.code;
  }
  const file = typeof given.output === 'string' ? given.output : null;
  return start({ ...given, backend: 'host' }, (frontEnd) => {
    const output = openOutput(file, frontEnd, argv[0] ?? '');
    const say = (line: string): void => void process.stderr.write(stderrLine(line));
    return new ExecCompanion({
      path,
      argv,
      output,
      env: usersEnvironment(),
      ignored: ignoredSignals(),
      look: lookForHolders,
      say,
    });
  });
}
