import { asError } from '../text/refusal.ts';
import { Errno } from '../uapi/errno.ts';
import { IommufdError } from './error.ts';

/** A lack of memory is transient; a selftest kernel also returns ENOENT when asked to fail (iommufd_should_fail). */
const PASSING: readonly number[] = [Errno.ENOMEM, Errno.ENOENT, Errno.EINTR, Errno.EAGAIN];

/**
 * A transient failure is retried once: the kernel does not tolerate a step left undone (a PASID that stays attached to a
 * selftest device, say) when the rest is torn down.
 */
function twice(undo: () => void): void {
  try {
    undo();
  } catch (error) {
    if (!(error instanceof IommufdError && PASSING.includes(error.errno))) throw error;
    undo();
  }
}

/** Undoes it; returns what failed, null: nothing. */
export function failureOf(undo: () => void): Error | null {
  try {
    twice(undo);
    return null;
  } catch (error) {
    return asError(error);
  }
}

/**
 * What must be undone, last in first out: the order the kernel needs (detach, destroy the HWPT, close the fault fd,
 * destroy the fault object). A step that fails does not keep the others from being done.
 */
export class Teardown {
  readonly #steps: { readonly what: string; readonly undo: () => void }[] = [];

  /** Returns a function that undoes this one step now, and not again later unless it throws. */
  defer(what: string, undo: () => void): () => void {
    const step = { what, undo };
    this.#steps.push(step);
    return () => {
      if (!this.#steps.includes(step)) return;
      undo();
      this.#steps.splice(this.#steps.indexOf(step), 1);
    };
  }

  /** Undoes all that is left; returns what failed. */
  run(): Error[] {
    const failures: Error[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      const failure = failureOf(step.undo);
      if (failure) failures.push(failure);
    }
    return failures;
  }
}
