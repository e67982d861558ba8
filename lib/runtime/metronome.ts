/**
 * A second thread that does nothing but wake the first one on time.
 *
 * Timers of Deno's event loop are 1 to 3 ms late; a thread that waits on a cell of memory is woken by the system
 * within 0.1 ms. It needs no permission, and costs some percent of a processor where it is used.
 *
 * @module
 */

// The metronome's own memory: how many orders there were, and what the last one asked for - how long to wait, and
// until when, by a clock that both threads have.
const WAIT_BYTES = 8;
const MEMORY_BYTES = 24;

/** How much of a wait may be left out because the order came late, milliseconds. */
const LONGEST_DELAY_MS = 0.5;

/** What the thread runs: waits as long as it was told last, and wakes whoever waits on the cell. */
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

/** Wakes those who wait on a cell. */
export class Metronome {
  readonly #memory = new SharedArrayBuffer(MEMORY_BYTES);
  readonly #orders = new Int32Array(this.#memory, 0, 1);
  readonly #order = new Float64Array(this.#memory, WAIT_BYTES, 2);
  readonly #worker = new Worker(`data:text/javascript,${encodeURIComponent(SOURCE)}`, {
    type: "module",
  });

  /** Starts the thread. */
  constructor(cell: Int32Array) {
    this.#worker.postMessage({ cell, memory: this.#memory });
  }

  /** Wakes the cell after a time, 0 or more, instead of the one before. */
  notifyAfter(waitMs: number): void {
    this.#give(waitMs);
  }

  /** Ends the thread, which has to end itself: nothing else interrupts its wait. */
  close(): void {
    this.#give(-1);
    this.#worker.terminate();
  }

  #give(waitMs: number): void {
    this.#order[0] = waitMs;
    this.#order[1] = performance.timeOrigin + performance.now() + waitMs;
    Atomics.add(this.#orders, 0, 1);
    Atomics.notify(this.#orders, 0);
  }
}
