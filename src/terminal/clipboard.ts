// Copying by the terminal (OSC 52): it works over SSH as well, and the terminal may refuse it without a word.

import { neutral } from '../text/neutral.ts';

/** Characters of base64: what terminals are known to take. */
const MAX_ENCODED = 74_994;
/** GNU screen drops a longer string. */
const SCREEN_PIECE = 76;

export type Copy = { sequence: string } | { problem: string };

/** The sequence that puts `text` into the clipboard of the terminal that `env` tells of; or why there is none. */
export function copySequence(text: string, env: NodeJS.ProcessEnv): Copy {
  if (env.TERM === 'linux' || env.TERM === 'dumb')
    return { problem: `a terminal of type ${env.TERM} has no clipboard` };
  // It will be pasted into a terminal, perhaps.
  const encoded = Buffer.from(neutral(text)).toString('base64');
  if (encoded.length > MAX_ENCODED) {
    return { problem: `${text.length} characters are too many for the clipboard of a terminal` };
  }
  return { sequence: (inPlain(env) ? `\x1b]52;c;${encoded}\x07` : '') + (inScreen(env) ? forScreen(encoded) : '') };
}

/**
 * tmux takes the sequence itself (`set-clipboard`); screen only hands on what stands in a device control string. One in the
 * other leaves both of their variables, and each of them drops what is meant for the other.
 */
const inScreen = (env: NodeJS.ProcessEnv): boolean => Boolean(env.STY) && (env.TERM ?? '').startsWith('screen');
const inPlain = (env: NodeJS.ProcessEnv): boolean => !inScreen(env) || Boolean(env.TMUX);

function forScreen(encoded: string): string {
  const pieces = encoded.match(new RegExp(`.{1,${SCREEN_PIECE}}`, 'g')) ?? [''];
  return `\x1bP\x1b]52;c;${pieces.join('\x1b\\\x1bP')}\x07\x1b\\`;
}
