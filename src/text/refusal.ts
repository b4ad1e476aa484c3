// An expected failure: a request that cannot be fulfilled, without a fault in the program. It has a message for the user;
// anything else that is thrown is a bug.

/** usage: malformed; gone: what it names does not exist; refused: not allowed; kernel: a system call failed. */
export type RefusalKind = 'usage' | 'gone' | 'refused' | 'kernel';

/** As in messages. `operation`, `errno`: of the system call that failed. */
export interface Said {
  readonly kind: RefusalKind;
  readonly message: string;
  readonly hint: string | null;
  readonly operation: string | null;
  readonly errno: string | null;
}

/** `message`: one line, the obstacle; `hint`: what to do; `cause`: what was thrown first. */
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

/** The one place that distinguishes expected failures from bugs. */
export const isExpected = (thrown: unknown): thrown is Refusal => thrown instanceof Refusal;

/** What `call` returns, or what is made of an error of `kind`; anything else is rethrown. */
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
