// Arguments → engine options → engine → front end.
import { helpText } from './cli/help.ts';

/** Runs the program and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText(process.stdout.columns));
    return 0;
  }
  process.stderr.write('iopftop: nothing to run yet\n');
  return 1;
}
