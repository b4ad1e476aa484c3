import { Refusal } from '../text/refusal.ts';

/** Something in the arguments, or in a file they name, is wrong, and where. Exit code 2. */
export class UsageError extends Refusal {
  declare readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super('usage', message, hint, cause);
  }
}
