/** One thing that stands between a device and its faults. */
export interface Finding {
  /** `needs`: something can be done; `cannot`: nothing can; `unknown`: it could not be seen; `note`: it blocks nothing. */
  readonly kind: 'needs' | 'cannot' | 'unknown' | 'note';
  /** A stable name: no-pri, bind-driver, … */
  readonly id: string;
  /** In one to three words, for a table. */
  readonly brief: string;
  readonly text: string;
  /** A command that does what is needed, for a root shell; null: there is none. */
  readonly command: string | null;
}

const of =
  (kind: Finding['kind']) =>
  (id: string, brief: string, text: string, command: string | null = null): Finding => ({
    kind,
    id,
    brief,
    text,
    command,
  });

export const needs = of('needs');
export const cannot = of('cannot');
export const unknown = of('unknown');
export const note = of('note');
