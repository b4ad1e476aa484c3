// How long what is unfinished waits, in milliseconds.

/**
 * A lone ESC is the Esc key when nothing follows it for so long: a sequence may come in two packets, which OpenSSH sends
 * up to 20 ms apart (ObscureKeystrokeTiming) and a network later still; a person hardly sees the wait.
 */
export const ESCAPE_MS = 150;
/** ESC and a character that came so far apart are two keys, not Alt and one. */
export const ALT_MS = 30;
/** Anything else that is unfinished is dropped after so long; what comes of it later is no key either. */
export const DROP_MS = 1_000;
/** So long after its last byte a sequence that was dropped is over: what comes then is something else. */
export const LATE_MS = 10_000;
/** For so long what was taken for a key, or for a whole sequence, may turn out to have been the beginning of another. */
export const SECOND_THOUGHTS_MS = 5_000;
/** The same for `O` and `N`, letters that somebody may type after Esc. */
export const LETTER_MS = 1_000;
