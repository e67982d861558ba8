/**
 * How many heartbeats were answered and lost in the last minute, in a few hundred bytes.
 *
 * @module
 */

const BUCKET_MS = 1000;
const BUCKETS = 60;

/** Counts of the last minute. */
export interface RecentCounts {
  /** Heartbeats answered in time. */
  received: number;
  /** Heartbeats lost. */
  lost: number;
}

/**
 * Counts answers and losses by the second in which they became known; a second that is a minute old
 * is forgotten.
 */
export class RecentLoss {
  readonly #received = new Uint16Array(BUCKETS);
  readonly #lost = new Uint16Array(BUCKETS);
  /** The second of the newest count. */
  #second = -Infinity;

  /**
   * Counts a heartbeat that was settled at a moment of the monotonic clock; moments don't go back.
   */
  add(lost: boolean, nowMs: number): void {
    this.#passTo(nowMs);
    const counts = lost ? this.#lost : this.#received;
    const place = this.#second % BUCKETS;
    // At 65,535 settled heartbeats in a second the count stays: no loop here is that fast.
    if (counts[place]! < 0xffff) counts[place]!++;
  }

  /** Writes the counts of the last 59 to 60 seconds into an object of the caller's. */
  read(nowMs: number, into: RecentCounts): void {
    this.#passTo(nowMs);
    let received = 0;
    let lost = 0;
    for (let place = 0; place < BUCKETS; place++) {
      received += this.#received[place]!;
      lost += this.#lost[place]!;
    }
    into.received = received;
    into.lost = lost;
  }

  #passTo(nowMs: number): void {
    const second = Math.floor(nowMs / BUCKET_MS);
    if (second <= this.#second) return;
    for (let next = Math.max(this.#second + 1, second - BUCKETS + 1); next <= second; next++) {
      this.#received[next % BUCKETS] = 0;
      this.#lost[next % BUCKETS] = 0;
    }
    this.#second = second;
  }
}
