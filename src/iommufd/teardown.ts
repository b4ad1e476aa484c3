/**
 * What has to be undone, last in first out: the order the kernel wants (detach, destroy the HWPT, close the fault fd,
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
      try {
        step.undo();
      } catch (error) {
        failures.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return failures;
  }
}
