import { CallRefused } from '../kernel/kernel.ts';
import { Refusal } from '../text/refusal.ts';

/** A system call on an iommufd, or on a device in it, that the kernel refused. */
export class IommufdError extends CallRefused {}

const REPORT =
  'the result is ignored; this is a bug in the kernel or in a layer below iopftop: report it with `uname -r`';

/** The kernel returned what it cannot return: a count beyond what it was given, part of a record, an id of 0. */
export class ImpossibleResult extends Refusal {
  constructor(operation: string, target: string, what: string) {
    super('kernel', `${operation} (${target}): the kernel returned ${what}`, REPORT);
  }
}

/** The value of a system call, or an IommufdError for a negative one. */
export function check(operation: string, target: string, value: number): number {
  if (value < 0) throw new IommufdError(operation, -value, target);
  return value;
}
