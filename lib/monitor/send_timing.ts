/**
 * When the next heartbeat leaves, in quiet times and in others.
 *
 * @module
 */

import { Schedule } from "./schedule.ts";

/** A server that is down is asked no more often than this, milliseconds (RFC 5880 section 6.8.3). */
export const DOWN_INTERVAL_MS = 1000;

/** What the pace depends on. */
export interface Circumstances {
  /** Whether no heartbeat is waiting for its reply. */
  readonly idle: boolean;
  /** Whether the server is assumed to have stopped. */
  readonly down: boolean;
  /** How soon after the last heartbeat the next may leave because the server is suspected; `undefined`: it isn't. */
  readonly probeAfterMs: number | undefined;
}

/** The pace of one monitor: a schedule, or lock-step, and its exceptions. */
export class SendTiming {
  readonly #schedule: Schedule | undefined;
  #lastSentMs = -Infinity;
  #wasOffPace = false;

  /**
   * Makes the pace.
   *
   * @param intervalMs 0: lock-step, the next heartbeat leaves when none is waiting
   * @param timeoutMs how long a heartbeat waits
   */
  constructor(intervalMs: number, timeoutMs: number) {
    if (intervalMs > 0) this.#schedule = new Schedule(intervalMs, Math.max(intervalMs, timeoutMs));
  }

  /** When the next heartbeat leaves; `undefined` while it waits for another to be settled. */
  dueAtMs({ idle, down, probeAfterMs }: Circumstances): number | undefined {
    const usualMs = this.#schedule === undefined
      ? idle ? -Infinity : undefined
      : this.#schedule.dueAtMs ?? -Infinity;
    if (down) {
      return usualMs === undefined
        ? undefined
        : Math.max(usualMs, this.#lastSentMs + DOWN_INTERVAL_MS);
    }
    if (probeAfterMs === undefined) return usualMs;
    return Math.min(usualMs ?? Infinity, this.#lastSentMs + probeAfterMs);
  }

  /** A heartbeat has left. The first one after an exception starts the schedule anew. */
  sent(nowMs: number, { down, probeAfterMs }: Circumstances): void {
    const offPace = down || probeAfterMs !== undefined;
    if (offPace || this.#wasOffPace) this.#schedule?.restart(nowMs);
    else this.#schedule?.sent(nowMs);
    this.#wasOffPace = offPace;
    this.#lastSentMs = nowMs;
  }
}
