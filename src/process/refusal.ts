/** Why a process cannot be looked at, taken over or stopped. One line: what is in the way; `hint`: what to do. */
export class ProcessRefusal extends Error {
  /** gone: there is no such process, or none any more. */
  readonly kind: 'gone' | 'refused';
  readonly hint: string | null;

  constructor(kind: 'gone' | 'refused', message: string, hint: string | null = null) {
    super(message);
    this.name = 'ProcessRefusal';
    this.kind = kind;
    this.hint = hint;
  }
}
