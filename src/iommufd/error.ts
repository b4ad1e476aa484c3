import { KernelRefusal } from '../kernel/kernel.ts';
import { errnoName } from '../uapi/errno.ts';
import { errnoMeaning } from '../uapi/errno-meaning.ts';

/** A system call that the kernel refused: what was tried, on what, what the kernel said, and what to do about it. */
export class IommufdError extends Error {
  readonly operation: string;
  /** Positive. */
  readonly errno: number;
  readonly target: string;
  readonly hint: string | null;

  constructor(operation: string, errno: number, target: string) {
    const { meaning, hint } = errnoMeaning(operation, errno);
    super(`${operation}${target ? ` (${target})` : ''}: ${errnoName(errno)}, ${meaning}`);
    this.name = 'IommufdError';
    this.operation = operation;
    this.errno = errno;
    this.target = target;
    this.hint = hint ?? null;
  }

  get errnoName(): string {
    return errnoName(this.errno);
  }
}

/** The kernel returned what it cannot return: a count beyond what it was given, part of a record, an id of 0. */
export class ImpossibleResult extends Error {
  readonly hint =
    'nothing is done with it; it is a bug of the kernel or of what stands between: report it with `uname -r`';

  constructor(operation: string, target: string, what: string) {
    super(`${operation} (${target}): the kernel returned ${what}`);
    this.name = 'ImpossibleResult';
  }
}

/** The value of a system call, or an IommufdError for a negative one. */
export function check(operation: string, target: string, value: number): number {
  if (value < 0) throw new IommufdError(operation, -value, target);
  return value;
}

/** A refusal of the kernel port as an IommufdError; anything else as it is. */
export const asIommufdError = (error: unknown): unknown =>
  error instanceof KernelRefusal ? new IommufdError(error.operation, error.errno, '') : error;
