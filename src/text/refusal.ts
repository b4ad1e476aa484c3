// What is expected to go wrong: something was asked for that cannot be had, and nothing is wrong with the program. It is said
// in words; whatever else is thrown is a bug.

/** usage: malformed; gone: what it names is not there; refused: not allowed; kernel: a system call failed. */
export type RefusalKind = 'usage' | 'gone' | 'refused' | 'kernel';

/** As messages have it. `operation`, `errno`: of the system call that failed. */
export interface Said {
  readonly kind: RefusalKind;
  readonly message: string;
  readonly hint: string | null;
  readonly operation: string | null;
  readonly errno: string | null;
}

/** `message`: one line, what is in the way; `hint`: what to do; `cause`: what was thrown first. */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  readonly hint: string | null;

  constructor(kind: RefusalKind, message: string, hint: string | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.kind = kind;
    this.hint = hint;
  }

  said(): Said {
    const { kind, message, hint } = this;
    return { kind, message, hint, operation: null, errno: null };
  }
}

/** The one place that tells what is expected from bugs. */
export const isExpected = (thrown: unknown): thrown is Refusal => thrown instanceof Refusal;

/** What `call` returns, or what is made of an error of `kind`; whatever else is thrown goes on. */
export function catching<T, E extends Error, R>(
  kind: abstract new (...args: never[]) => E,
  call: () => T,
  otherwise: (error: E) => R,
): T | R {
  try {
    return call();
  } catch (error) {
    if (error instanceof kind) return otherwise(error);
    throw error;
  }
}

/** What was thrown, as an Error. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** What is wrong, and what to do about it, on one line. */
export const withHint = ({ message, hint }: Pick<Said, 'message' | 'hint'>): string =>
  hint ? `${message}: ${hint}` : message;
