/**
 * Waking up at a moment.
 *
 * @module
 */

import { Metronome } from "./metronome.ts";

/** Intervals from this one on, milliseconds, don't need a precise alarm: one that is 2 ms late is good enough. */
export const COARSE_INTERVAL_MS = 20;

/** Rings once, at the time it was last set to. */
export interface Alarm {
  /** Sets the time, milliseconds from now, instead of the one before; `undefined`: never. */
  set(delayMs: number | undefined): void;
  /** Never rings again. */
  close(): void;
}

// V8 keeps what a wait needs until its end, even when it is woken before: so no wait is long.
const LONGEST_WAIT_MS = 1000;

// What is late already rings soon, but never before whatever else the program has to do: datagrams get their turn.
const SHORTEST_WAIT_MS = 0.001;

// A metronome's thread has a clock of its own, which may be ahead by this much.
const EARLY_MS = 0.2;

/**
 * Makes an alarm.
 *
 * It waits on a cell of memory instead of using `setTimeout`, whose first call makes Deno load 3 ms' worth of
 * code, a quarter of what an empty program takes; and a second thread can wake it when it has to be exact. It
 * doesn't keep the program running: the socket does.
 *
 * @param precise whether it has to ring within some tenths of a millisecond; otherwise it may be 2 or 3 ms late
 * @param ring what to do; may come some tenths of a millisecond too early
 */
export function openAlarm(precise: boolean, ring: () => void): Alarm {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const metronome = precise ? new Metronome(cell) : undefined;
  let dueAtMs = Infinity;
  let wakesAtMs = Infinity;
  let waits = 0;

  async function wait(nowMs: number): Promise<void> {
    const number = ++waits;
    const waitMs = Math.min(Math.max(dueAtMs - nowMs, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
    wakesAtMs = nowMs + waitMs;
    await Atomics.waitAsync(cell, 0, 0, waitMs).value;
    if (number !== waits) return;
    wakesAtMs = Infinity;
    const wokenAtMs = performance.now();
    if (wokenAtMs < dueAtMs - EARLY_MS) {
      if (dueAtMs < Infinity) wait(wokenAtMs);
      return;
    }
    dueAtMs = Infinity;
    ring();
  }

  return {
    set(delayMs) {
      const nowMs = performance.now();
      dueAtMs = delayMs === undefined ? Infinity : nowMs + delayMs;
      if (delayMs === undefined) return;
      metronome?.notifyAfter(Math.max(delayMs, 0));
      // A wait that ends before is let end: most alarms are put off again and again, and never ring.
      if (wakesAtMs <= dueAtMs) return;
      const waiting = wakesAtMs < Infinity;
      wait(nowMs);
      // The wait before, which stands first in the row, has nothing to wait for any more.
      if (waiting) Atomics.notify(cell, 0, 1);
    },
    close() {
      dueAtMs = Infinity;
      waits++;
      Atomics.notify(cell, 0);
      metronome?.close();
    },
  };
}
