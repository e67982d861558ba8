/**
 * What is to be said again and again until it is over.
 *
 * @module
 */

import { DueQueue } from "../tables/due_queue.ts";

interface Reminder {
  readonly remind: (times: number) => void;
  times: number;
}

/** Reminds of what goes on, at a pace; whoever has one calls {@linkcode Reminders.tick}. */
export class Reminders {
  readonly #everyMs: number;
  readonly #nowMs: () => number;
  readonly #active = new Map<string, Reminder>();
  readonly #queue = new DueQueue<Reminder & { readonly key: string }>();

  /**
   * Makes reminders of nothing.
   *
   * @param everyMs from one reminder to the next, milliseconds, more than 0
   * @param nowMs a monotonic clock, milliseconds
   */
  constructor(everyMs: number, nowMs: () => number) {
    this.#everyMs = everyMs;
    this.#nowMs = nowMs;
  }

  /** Something begins, under a key: `remind` is called at the pace, with the number of times. */
  begin(key: string, remind: (times: number) => void): void {
    const reminder = { key, remind, times: 0 };
    this.#active.set(key, reminder);
    this.#queue.add(this.#nowMs() + this.#everyMs, reminder);
  }

  /** It is over. */
  end(key: string): void {
    this.#active.delete(key);
  }

  /** Reminds of what is due. */
  tick(): void {
    const nowMs = this.#nowMs();
    while (this.#queue.nextAtMs <= nowMs) {
      const dueAtMs = this.#queue.nextAtMs;
      const reminder = this.#queue.take()!;
      // It is over, or has begun anew.
      if (this.#active.get(reminder.key) !== reminder) continue;
      reminder.remind(++reminder.times);
      // After a standstill there is no burst of those that were missed.
      const nextAtMs = dueAtMs + this.#everyMs;
      this.#queue.add(nextAtMs > nowMs ? nextAtMs : nowMs + this.#everyMs, reminder);
    }
  }
}
