// Which group's rule is due next: a binary heap, so that 65,536 waiting groups are not scanned whenever one is due.

/** What is due at a time; an entry is identified by its object. */
export interface Due {
  readonly dueNs: number;
}

export class DueQueue<T extends Due> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The first that is due, undefined when there is none. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  push(entry: T): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as T;
      if (above.dueNs <= entry.dueNs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the first out. */
  shift(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts the entry at the free top, and sinks it to its place. */
  #sink(entry: T): void {
    const heap = this.#heap;
    const dueOf = (at: number): number => heap[at]?.dueNs ?? Number.POSITIVE_INFINITY;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = dueOf(left + 1) < dueOf(left) ? left + 1 : left;
      if (dueOf(child) >= entry.dueNs) break;
      heap[at] = heap[child] as T;
      at = child;
    }
    heap[at] = entry;
  }

  /** In no order. */
  get entries(): readonly T[] {
    return this.#heap;
  }

  clear(): void {
    this.#heap.length = 0;
  }
}
