// Entry of the program. What a user waits for comes first: the first frame of the screen is drawn before anything big is
// loaded. Everything else is in run.ts.
import { envFor, firstLook } from './cli/plain.ts';
import { catchBugs, crash } from './crash.ts';
import { keepInherited } from './inherited.ts';
import { DEFAULT_SCENARIO } from './scenario/default.ts';
import { hasUnicode, wantsAscii } from './text/locale.ts';
import { keepOnlyAscii } from './text/visible.ts';
import { firstFrame } from './ui/app/first-frame.ts';
import { VERSION } from './version.ts';

keepInherited();
catchBugs();
// Until the request is known.
keepOnlyAscii(wantsAscii('auto', process.env, process.stdout.isTTY));
const args = process.argv.slice(2);

function drawFirstFrame(): void {
  const { stdout, env } = process;
  if (!stdout.isTTY) return;
  const look = firstLook(args, DEFAULT_SCENARIO, env);
  if (look === null) return;
  const { columns, rows } = stdout;
  const { target, unicode, owner = false } = look;
  const shownIn = envFor(unicode, env);
  keepOnlyAscii(!hasUnicode(shownIn));
  firstFrame(stdout, { columns, rows, version: VERSION, target, owner, env: shownIn });
}

drawFirstFrame();
/** Rejects if the rest cannot be loaded. */
export const running: Promise<void> = import('./run.ts').then(async ({ run }) => {
  // Not process.exitCode: a terminal, a pipe or a timer that is still open must not keep the program.
  process.exit(await run(args).catch(crash));
});
