// Copying through the terminal (OSC 52): it also works over SSH, and the terminal may refuse it silently.

import { neutral } from '../text/neutral.ts';

/** Characters of base64 that terminals are known to accept. */
const MAX_ENCODED = 74_994;
/** GNU screen drops a longer string. */
const SCREEN_PIECE = 76;

export type Copy = { sequence: string } | { problem: string };

/** The sequence that puts `text` into the clipboard of the terminal described by `env`; or why there is none. */
export function copySequence(text: string, env: NodeJS.ProcessEnv): Copy {
  if (env.TERM === 'linux' || env.TERM === 'dumb')
    return { problem: `a terminal of type ${env.TERM} has no clipboard` };
  // It may be pasted into a terminal.
  const encoded = Buffer.from(neutral(text)).toString('base64');
  if (encoded.length > MAX_ENCODED) {
    return { problem: `${text.length} characters are too many for a terminal's clipboard` };
  }
  return { sequence: (inPlain(env) ? `\x1b]52;c;${encoded}\x07` : '') + (inScreen(env) ? forScreen(encoded) : '') };
}

/**
 * tmux handles the sequence itself (`set-clipboard`); screen only passes on the content of a device control string. Nested in
 * each other they leave both variables, and each drops what is meant for the other.
 */
const inScreen = (env: NodeJS.ProcessEnv): boolean => Boolean(env.STY) && (env.TERM ?? '').startsWith('screen');
const inPlain = (env: NodeJS.ProcessEnv): boolean => !inScreen(env) || Boolean(env.TMUX);

function forScreen(encoded: string): string {
  const pieces = encoded.match(new RegExp(`.{1,${SCREEN_PIECE}}`, 'g')) ?? [''];
  return `\x1bP\x1b]52;c;${pieces.join('\x1b\\\x1bP')}\x07\x1b\\`;
}
