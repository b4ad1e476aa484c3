// Results as the tests read them: 0 or more as it is, a negative errno by its name.
import { Errno, errnoName } from '../../src/uapi/errno.ts';

/** What a call returned: a value of 0 or more, or the errno's name. */
export type Result = number | string;

/** errnos that only tests meet. */
const OTHERS: Record<number, string> = { 90: 'EMSGSIZE' };

export const result = (returned: number): Result =>
  returned >= 0 ? returned : (OTHERS[-returned] ?? errnoName(-returned));

/** Throws when the call did not return 0 or more: for steps that only prepare a test. */
export function must(what: string, returned: number): number {
  if (returned < 0) throw new Error(`${what}: ${result(returned)}`);
  return returned;
}

export { Errno };
