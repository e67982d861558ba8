/**
 * A second thread whose only job is to wake the first one on time.
 *
 * Timers of Deno's event loop are 1 to 3 ms late; the system wakes a thread that waits on a cell of
 * memory within 0.1 ms. The thread needs no permission, and takes a few percent of a processor
 * while it is used.
 *
 * @module
 */

// The metronome's own memory: the number of orders, and the last order: how long to wait,
// milliseconds, and until when, on a clock that both threads have.
const WAIT_BYTES = 8;
const MEMORY_BYTES = 24;

/** An order that comes late shortens the wait by at most this much, milliseconds. */
const LONGEST_DELAY_MS = 0.5;

/**
 * The thread's code: waits according to the last order, and wakes the one who waits on the cell.
 */
const SOURCE = `
onmessage = ({ data: { cell, memory } }) => {
  const orders = new Int32Array(memory, 0, 1);
  const order = new Float64Array(memory, ${WAIT_BYTES}, 2);
  let known = 0;
  for (;;) {
    Atomics.wait(orders, 0, known);
    known = Atomics.load(orders, 0);
    const [waitMs, untilMs] = order;
    if (waitMs < 0) return close();
    const leftMs = untilMs - performance.timeOrigin - performance.now();
    const restMs = Math.min(Math.max(leftMs, waitMs - ${LONGEST_DELAY_MS}), waitMs);
    if (Atomics.wait(orders, 0, known, restMs) === "timed-out") Atomics.notify(cell, 0);
  }
};`;

/** Wakes the thread that waits on a cell of memory. */
export class Metronome {
  readonly #memory = new SharedArrayBuffer(MEMORY_BYTES);
  readonly #orders = new Int32Array(this.#memory, 0, 1);
  readonly #lastOrder = new Float64Array(this.#memory, WAIT_BYTES, 2);
  readonly #worker = new Worker(`data:text/javascript,${encodeURIComponent(SOURCE)}`, {
    type: "module",
  });

  /** Starts the thread. */
  constructor(cell: Int32Array) {
    this.#worker.postMessage({ cell, memory: this.#memory });
  }

  /** Wakes the waiting thread after a time, 0 ms or more, in place of the last order. */
  notifyAfter(waitMs: number): void {
    this.#order(waitMs);
  }

  /** Ends the thread. It ends itself, as nothing else interrupts its wait. */
  close(): void {
    this.#order(-1);
    this.#worker.terminate();
  }

  #order(waitMs: number): void {
    this.#lastOrder[0] = waitMs;
    this.#lastOrder[1] = performance.timeOrigin + performance.now() + waitMs;
    Atomics.add(this.#orders, 0, 1);
    Atomics.notify(this.#orders, 0);
  }
}
