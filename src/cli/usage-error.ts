/** Something in the arguments, or in a file they name, is wrong. One line: what, where; `hint`: what to do. Exit code 2. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
