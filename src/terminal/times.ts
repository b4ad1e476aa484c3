// How long unfinished input waits, in milliseconds.

/**
 * A lone ESC is the Esc key if nothing follows it for this long: a sequence may come in two packets, which OpenSSH sends
 * up to 20 ms apart (ObscureKeystrokeTiming) and a network later still; a person hardly sees the wait.
 */
export const ESCAPE_MS = 150;
/** ESC and a character this far apart are two keys, not Alt and one. */
export const ALT_MS = 30;
/** Other unfinished input is dropped after this long; its late rest is not a key either. */
export const DROP_MS = 1_000;
/** This long after its last byte a dropped sequence is over: what comes then is something else. */
export const LATE_MS = 10_000;
/** For this long, a key or a whole sequence may turn out to be the beginning of another sequence. */
export const SECOND_THOUGHTS_MS = 5_000;
/** The same for `O` and `N`, letters that somebody may type after Esc. */
export const LETTER_MS = 1_000;
