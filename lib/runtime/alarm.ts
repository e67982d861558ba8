/**
 * Waking up at a moment.
 *
 * @module
 */

import { Metronome } from "./metronome.ts";

/** From this interval on, milliseconds, an alarm that rings 2 ms late is good enough. */
const COARSE_INTERVAL_MS = 20;

/** Whether heartbeats at an interval, milliseconds, need an alarm that rings on time; 0: never. */
export function needsPrecision(intervalMs: number): boolean {
  return intervalMs > 0 && intervalMs < COARSE_INTERVAL_MS;
}

/** Rings once, at the time that it was last set to. */
export interface Alarm {
  /** Sets the time, milliseconds from now, in place of the last one; `undefined`: never. */
  set(delayMs: number | undefined): void;
  /** Silences the alarm for good. */
  close(): void;
}

/** Returns after this time, milliseconds; it doesn't keep the program running. */
export async function pause(ms: number): Promise<void> {
  await Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms).value;
}

// V8 frees a wait only at its timeout, even if it is notified earlier. So waits are short.
const LONGEST_WAIT_MS = 1000;

// An alarm that is already due still yields once, so that pending datagrams are read first.
const SHORTEST_WAIT_MS = 0.001;

// The metronome's thread has its own clock, which may be ahead by this much.
const EARLY_MS = 0.2;

/**
 * Makes an alarm.
 *
 * It waits on a cell of memory. `setTimeout` would make Deno load more code at its first call, for
 * 3 ms: a quarter of the run time of an empty program. And a second thread can wake a cell, on
 * time. The alarm doesn't keep the program running: the socket does.
 *
 * @param precise true: it rings within some tenths of a millisecond; false: it may be 2 or 3 ms
 * late
 * @param ring called when it rings, which may be some tenths of a millisecond too early
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
      // A wait that ends sooner may go on: most alarms are postponed again and again, and never
      // ring.
      if (wakesAtMs <= dueAtMs) return;
      const waiting = wakesAtMs < Infinity;
      wait(nowMs);
      // The last wait, which is first in the queue, is no longer needed.
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
