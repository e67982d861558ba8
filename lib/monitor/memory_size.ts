/**
 * How many heartbeats a monitor has to remember.
 *
 * @module
 */

/** The most heartbeats that a ledger remembers. */
export const MAX_REMEMBERED = 131_072;

/** The fewest. */
export const FEWEST_REMEMBERED = 64;

/** The most heartbeats that may leave while one waits for its reply, in the largest ledger. */
export const MAX_OUTSTANDING: number = MAX_REMEMBERED / 2;

/** How often heartbeats leave, and how long their replies are awaited. */
export interface SendRate {
  /** From one heartbeat to the next, milliseconds; 0: as soon as the last is answered or lost. */
  readonly intervalMs: number;
  /** How long a heartbeat waits for its reply, milliseconds. */
  readonly timeoutMs: number;
  /** The shortest time from one heartbeat to the next while the server is suspect, milliseconds. */
  readonly probeAfterMs?: number | undefined;
}

// A late reply is recognised for a minute after its heartbeat's timeout.
const LATE_WINDOW_MS = 60_000;

/**
 * How many heartbeats a ledger has to remember, 64 to {@linkcode MAX_REMEMBERED}, so that none is
 * forgotten while it waits for its reply, or in the minute after its timeout.
 */
export function heartbeatsToRemember({ intervalMs, timeoutMs, probeAfterMs }: SendRate): number {
  const shortestMs = Math.min(intervalMs, probeAfterMs ?? Infinity);
  // Without an interval, only the round trip limits how many leave in a minute.
  if (shortestMs <= 0) return MAX_REMEMBERED;
  // After a standstill of this machine the missed heartbeats leave at once: twice the usual number
  // then wait for their replies.
  const waiting = 2 * (Math.ceil(timeoutMs / shortestMs) + 1);
  const late = Math.ceil(LATE_WINDOW_MS / shortestMs);
  const remembered = waiting + Math.max(waiting, late);
  return Math.min(Math.max(remembered, FEWEST_REMEMBERED), MAX_REMEMBERED);
}
