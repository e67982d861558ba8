/**
 * What is due next.
 *
 * @module
 */

interface Entry<Value> {
  readonly atMs: number;
  readonly order: number;
  readonly value: Value;
}

/**
 * Gives back values by their time, and those of the same time in the order in which they were
 * added.
 */
export class DueQueue<Value> {
  /** A binary heap: no entry is earlier than its parent, which stands at half its place. */
  readonly #heap: Entry<Value>[] = [];
  #added = 0;

  /** When the next value is due; `Infinity` when there is none. */
  get nextAtMs(): number {
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** The number of values that wait. */
  get length(): number {
    return this.#heap.length;
  }

  /** Adds a value that is due at a time. */
  add(atMs: number, value: Value): void {
    const heap = this.#heap;
    const entry = { atMs, order: this.#added++, value };
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Removes and returns the next value; `undefined` when there is none. */
  take(): Value | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.value;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first.value;
  }
}

function isBefore<Value>(a: Entry<Value>, b: Entry<Value>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
