/**
 * What a path was like in each slot of the last minutes: quantiles of its round trips, and losses,
 * in memory that is taken once.
 *
 * @module
 */

/** How a history is kept. */
export interface SlotHistoryOptions {
  /** The length of a slot, milliseconds. */
  readonly slotMs: number;
  /** How many slots are remembered, with the one that goes on. */
  readonly slots: number;
  /**
   * The quantiles of each slot, shares from 0 (the smallest) to 1 (the largest), in this order; all
   * but these two come from a sample where a slot has too many round trips.
   */
  readonly shares: readonly number[];
  /** So many round trips of a slot are at hand: an even number. */
  readonly sampled: number;
  /** Whether counts are exact up to 2^32; else they are halved from 65,535 on, in proportion. */
  readonly exact: boolean;
}

/** What happened in one slot. */
export interface Slot {
  /** How long ago it ended, in slots: 0 is the one that goes on. */
  readonly age: number;
  /** Heartbeats answered in time; in proportion where counts aren't exact. */
  readonly received: number;
  /** Heartbeats lost that count against the path. */
  readonly lost: number;
  /** Heartbeats lost that don't: this machine could not send them, or missed the reply. */
  readonly excused: number;
  /** The quantiles of its round trips, milliseconds; `undefined`: it has none. */
  readonly quantiles: readonly number[] | undefined;
}

/** The largest number of half precision: longer round trips count as this long, milliseconds. */
const LONGEST_MS = 65_504;

const [RECEIVED, LOST, EXCUSED, COUNTS] = [0, 1, 2, 3];

/** Remembers the last slots; moments don't go back. */
export class SlotHistory {
  /** How it is kept. */
  readonly options: SlotHistoryOptions;
  /** Half precision is right to 0.05%: no picture shows more. */
  readonly #quantiles: Float16Array;
  readonly #counts: Uint16Array | Uint32Array;
  /** Round trips of the slot that goes on: one of each `#stride` of them, drawn by lot. */
  readonly #sample: Float16Array;
  #sampledCount = 0;
  #stride = 1;
  #seen = 0;
  /** Which of the next `#stride` is drawn. */
  #drawn = 0;
  /** The state of the lots, never 0: what repeats on a path must not meet a pattern of theirs. */
  #lot = 0x2545_f491;
  #least = Infinity;
  #most = -Infinity;
  /** The slot that goes on, counted from the beginning of the clock. */
  #slot = -Infinity;

  /** Makes an empty history. */
  constructor(options: SlotHistoryOptions) {
    this.options = options;
    const { slots, shares, sampled, exact } = options;
    this.#quantiles = new Float16Array(slots * shares.length);
    const counts = slots * COUNTS;
    this.#counts = exact ? new Uint32Array(counts) : new Uint16Array(counts);
    this.#sample = new Float16Array(sampled);
  }

  /** A heartbeat was answered in time. */
  answered(rttMs: number, nowMs: number): void {
    this.#passTo(nowMs);
    this.#count(RECEIVED);
    const ms = Math.min(rttMs, LONGEST_MS);
    this.#least = Math.min(this.#least, ms);
    this.#most = Math.max(this.#most, ms);
    const place = this.#seen++ % this.#stride;
    if (place === 0) this.#drawn = this.#draw(this.#stride);
    if (place !== this.#drawn) return;
    if (this.#sampledCount === this.#sample.length) this.#thin();
    this.#sample[this.#sampledCount++] = ms;
  }

  /** A heartbeat was lost; `excused`: that says nothing about the path. */
  lost(excused: boolean, nowMs: number): void {
    this.#passTo(nowMs);
    this.#count(excused ? EXCUSED : LOST);
  }

  /** Reads the slots that any heartbeat was settled in, the oldest first. */
  read(nowMs: number): Slot[] {
    this.#passTo(nowMs);
    const { slots } = this.options;
    const found: Slot[] = [];
    for (let age = slots - 1; age >= 0; age--) {
      const counts = this.#placeOf(this.#slot - age) * COUNTS;
      const [received, lost, excused] = [
        this.#counts[counts + RECEIVED]!,
        this.#counts[counts + LOST]!,
        this.#counts[counts + EXCUSED]!,
      ];
      if (received + lost + excused === 0) continue;
      const quantiles = received === 0 ? undefined : this.#quantilesOf(age);
      found.push({ age, received, lost, excused, quantiles });
    }
    return found;
  }

  /** The share of heartbeats that were lost in all slots; `undefined`: none is settled. */
  lossRatio(nowMs: number): number | undefined {
    this.#passTo(nowMs);
    let [received, lost] = [0, 0];
    for (let place = 0; place < this.#counts.length; place += COUNTS) {
      received += this.#counts[place + RECEIVED]!;
      lost += this.#counts[place + LOST]!;
    }
    return received + lost === 0 ? undefined : lost / (received + lost);
  }

  #quantilesOf(age: number): number[] {
    if (age === 0) return this.#currentQuantiles();
    const { length } = this.options.shares;
    const from = this.#placeOf(this.#slot - age) * length;
    return Array.from(this.#quantiles.subarray(from, from + length));
  }

  /** The smallest value that is no smaller than a share of all (RFC 2330 section 11.3). */
  #currentQuantiles(): number[] {
    const sorted = this.#sample.slice(0, this.#sampledCount).sort();
    return this.options.shares.map((share) => {
      if (share === 0) return this.#least;
      if (share === 1) return this.#most;
      return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
    });
  }

  /** Halves the sample: one of each two of it stays. */
  #thin(): void {
    const half = this.#sampledCount / 2;
    for (let i = 0; i < half; i++) this.#sample[i] = this.#sample[2 * i + this.#draw(2)]!;
    this.#seen = 1;
    this.#drawn = 0;
    this.#sampledCount = half;
    this.#stride *= 2;
  }

  /** Draws a number from 0 up to below another (Marsaglia's xorshift). */
  #draw(below: number): number {
    if (below === 1) return 0;
    this.#lot ^= this.#lot << 13;
    this.#lot ^= this.#lot >>> 17;
    this.#lot ^= this.#lot << 5;
    return (this.#lot >>> 0) % below;
  }

  #count(kind: number): void {
    const from = this.#placeOf(this.#slot) * COUNTS;
    const largest = this.options.exact ? 0xffff_ffff : 0xffff;
    if (this.#counts[from + kind] === largest) {
      for (let place = from; place < from + COUNTS; place++) this.#counts[place]! >>>= 1;
    }
    this.#counts[from + kind]!++;
  }

  #placeOf(slot: number): number {
    const { slots } = this.options;
    return ((slot % slots) + slots) % slots;
  }

  /** Closes the slot that went on, and empties those up to the one of a moment. */
  #passTo(nowMs: number): void {
    const { slotMs, slots, shares } = this.options;
    const slot = Math.floor(nowMs / slotMs);
    if (slot <= this.#slot) return;
    if (this.#sampledCount > 0) {
      this.#quantiles.set(this.#currentQuantiles(), this.#placeOf(this.#slot) * shares.length);
    }
    for (let next = Math.max(this.#slot + 1, slot - slots + 1); next <= slot; next++) {
      const place = this.#placeOf(next) * COUNTS;
      this.#counts.fill(0, place, place + COUNTS);
    }
    this.#slot = slot;
    this.#sampledCount = 0;
    this.#stride = 1;
    this.#seen = 0;
    this.#least = Infinity;
    this.#most = -Infinity;
  }
}
