/**
 * Waking up at a moment.
 *
 * @module
 */

import { Metronome } from "./metronome.ts";

/** Rings once, at the time it was last set to. */
export interface Alarm {
  /** Sets the time, milliseconds from now, instead of the one before; `undefined`: never. */
  set(delayMs: number | undefined): void;
  /** Never rings again. */
  close(): void;
}

// A wait can't be longer than a timer's (2^31 - 1 ms, about 24 days).
const LONGEST_WAIT_MS = 0x7fffffff;

/**
 * Makes an alarm.
 *
 * It waits on a cell of memory instead of using `setTimeout`, whose first call makes Deno load 3 ms' worth of
 * code, a quarter of what an empty program takes; and a second thread can wake it when it has to be exact. It
 * doesn't keep the program running: the socket does.
 *
 * @param precise whether it has to ring within some tenths of a millisecond; otherwise it may be 2 ms late
 * @param ring what to do; may come too early when a wait is as long as one can be
 */
export function openAlarm(precise: boolean, ring: () => void): Alarm {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const metronome = precise ? new Metronome(cell) : undefined;
  let setting = 0;

  async function wait(delayMs: number): Promise<void> {
    const waiting = setting;
    const { async, value } = Atomics.waitAsync(cell, 0, Atomics.load(cell, 0), delayMs);
    if (async) await value;
    if (waiting === setting) ring();
  }

  function forget(): void {
    setting++;
    Atomics.notify(cell, 0);
  }

  return {
    set(delayMs) {
      forget();
      if (delayMs === undefined) return;
      const waitMs = Math.min(Math.max(delayMs, 0), LONGEST_WAIT_MS);
      wait(waitMs);
      metronome?.notifyAfter(waitMs);
    },
    close() {
      forget();
      metronome?.close();
    },
  };
}
