// Entry of the program. What a user waits for comes first: the first frame of the screen is drawn before anything big is
// loaded; everything else is in run.ts.
import { VERSION } from './version.ts';

const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${VERSION}\n`);
} else {
  const { run } = await import('./run.ts');
  process.exitCode = await run(args);
}
