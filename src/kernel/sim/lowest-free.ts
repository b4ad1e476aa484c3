// Numbers handed out lowest first, as xa_alloc() does with XA_FLAGS_ALLOC1 and get_unused_fd_flags() does for descriptors.

/** A min-heap of the numbers given back; everything from `#next` on was never used. */
export class LowestFree {
  #first: number;
  readonly #free: number[] = [];
  #next: number;
  #used = 0;

  constructor(first: number) {
    this.#first = first;
    this.#next = first;
  }

  get inUse(): number {
    return this.#used;
  }

  /** Makes the number before the first one available too, from now on. */
  startLower(): void {
    this.#first--;
    this.#push(this.#first);
  }

  /** The lowest number that is not in use. */
  take(): number {
    this.#used++;
    return this.#free.length > 0 ? this.#pop() : this.#next++;
  }

  /** Gives `n`, which is in use, back. */
  give(n: number): void {
    if (--this.#used === 0) {
      // Nothing is in use: forget the heap, so that a drained queue starts cheap again.
      this.#free.length = 0;
      this.#next = this.#first;
      return;
    }
    this.#push(n);
  }

  #push(n: number): void {
    const heap = this.#free;
    let i = heap.length;
    heap.push(n);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent]!;
      if (above <= n) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = n;
  }

  #pop(): number {
    const heap = this.#free;
    const top = heap[0]!;
    const last = heap.pop() as number;
    const size = heap.length;
    if (size === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
