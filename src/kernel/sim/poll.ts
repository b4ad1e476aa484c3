// What poll(2) reports for a file.
import { Poll } from '../kernel.ts';

const WRNORM = 0x100;
/** A file without a poll operation is always ready. */
export const DEFAULT_POLLMASK = Poll.IN | Poll.OUT | Poll.RDNORM | WRNORM;
/** Always reported, asked for or not. */
export const ALWAYS = Poll.ERR | Poll.HUP;
