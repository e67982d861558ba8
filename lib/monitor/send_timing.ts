/**
 * Decides when to send: on schedule; sooner while the server is suspect; later while it is down.
 *
 * @module
 */

import { Schedule } from "./schedule.ts";

/** Shortest time between two heartbeats to a server that is down, milliseconds (RFC 5880 section
 * 6.8.3). */
export const DOWN_INTERVAL_MS = 1000;

/** What decides when the next heartbeat leaves. */
export interface Circumstances {
  /** Whether no heartbeat is waiting for its reply. */
  readonly idle: boolean;
  /** Whether the server is assumed to have stopped. */
  readonly down: boolean;
  /**
   * Time from the last heartbeat to the next while the server is suspect, milliseconds;
   * `undefined`: it isn't.
   */
  readonly probeAfterMs: number | undefined;
}

/** The timing of one monitor: a schedule or lock-step, and the exceptions. */
export class SendTiming {
  readonly #schedule: Schedule | undefined;
  readonly #longestDelayMs: number;
  /** When the last heartbeat was due; a late one doesn't delay those that follow. */
  #lastDueMs = -Infinity;
  #wasOffPace = false;

  /**
   * Makes the timing.
   *
   * @param intervalMs 0: lock-step: the next heartbeat leaves when none is waiting
   * @param timeoutMs how long a heartbeat waits for its reply
   */
  constructor(intervalMs: number, timeoutMs: number) {
    this.#longestDelayMs = Math.max(intervalMs, timeoutMs);
    if (intervalMs > 0) this.#schedule = new Schedule(intervalMs, this.#longestDelayMs);
  }

  /** The first heartbeat is due at a moment; without a schedule that is at once in any case. */
  startAt(atMs: number): void {
    this.#schedule?.startAt(atMs);
  }

  /** When the next heartbeat leaves; `undefined` while it waits until another is settled. */
  dueAtMs({ idle, down, probeAfterMs }: Circumstances): number | undefined {
    const usualMs = this.#schedule === undefined
      ? idle ? -Infinity : undefined
      : this.#schedule.dueAtMs ?? -Infinity;
    if (down) {
      return usualMs === undefined
        ? undefined
        : Math.max(usualMs, this.#lastDueMs + DOWN_INTERVAL_MS);
    }
    if (probeAfterMs === undefined) return usualMs;
    return Math.min(usualMs ?? Infinity, this.#lastDueMs + probeAfterMs);
  }

  /** A heartbeat has left. The first one after an exception starts the schedule anew. */
  sent(nowMs: number, circumstances: Circumstances): void {
    const dueAtMs = this.dueAtMs(circumstances) ?? nowMs;
    const lateMs = nowMs - dueAtMs;
    // Of many monitors, those that leave late together would stay together for ever.
    const atMs = lateMs >= 0 && lateMs <= this.#longestDelayMs ? dueAtMs : nowMs;
    const offPace = circumstances.down || circumstances.probeAfterMs !== undefined;
    if (offPace || this.#wasOffPace) this.#schedule?.restart(atMs);
    else this.#schedule?.sent(nowMs);
    this.#wasOffPace = offPace;
    this.#lastDueMs = atMs;
  }
}
