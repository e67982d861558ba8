/**
 * What became of each heartbeat that was sent, as far back as it matters.
 *
 * @module
 */

/** The heartbeats that are remembered: replies to older ones can't be told from inventions. */
export const MAX_REMEMBERED = 131_072;

/**
 * How many heartbeats may leave while one waits for its reply; at least as many that are lost stay known, so
 * that late replies are recognised.
 */
export const MAX_OUTSTANDING = MAX_REMEMBERED / 2;

/** What became of a heartbeat; `late`: lost, and then answered after all. */
export type Fate = "outstanding" | "received" | "lost" | "late";

/** A heartbeat that was sent. */
export interface Heartbeat {
  /** When it was sent, on the monotonic clock. */
  readonly sentAtMs: number;
  /** What became of it. */
  readonly fate: Fate;
}

const FATES: readonly Fate[] = ["outstanding", "received", "lost", "late"];
const SMALLEST = 64;

/**
 * Remembers the last {@linkcode MAX_REMEMBERED} heartbeats in a ring, which grows as it is needed. Numbers
 * follow each other from 1, so a number's low bits are its place.
 */
export class Ledger {
  #sentAtMs = new Float64Array(SMALLEST);
  #fates = new Uint8Array(SMALLEST);
  #last = 0;
  #oldestOutstanding = 1;
  #outstanding = 0;

  /** The number of the last heartbeat sent; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** How many heartbeats wait for their replies. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** The number of the heartbeat that waits longest, or `undefined` when none does. */
  get oldestOutstanding(): number | undefined {
    return this.#outstanding === 0 ? undefined : this.#oldestOutstanding;
  }

  /** Whether nothing can be sent before the heartbeat that waits longest is settled. */
  get full(): boolean {
    return this.#outstanding > 0 && this.#last - this.#oldestOutstanding + 1 >= MAX_OUTSTANDING;
  }

  /** What is known of a heartbeat; `undefined` when it was never sent or is too old to be remembered. */
  find(seq: number): Heartbeat | undefined {
    if (seq < 1 || seq > this.#last || seq <= this.#last - MAX_REMEMBERED) return undefined;
    const place = this.#place(seq);
    return { sentAtMs: this.#sentAtMs[place]!, fate: FATES[this.#fates[place]!]! };
  }

  /**
   * Writes down that the next heartbeat leaves, and returns its number.
   *
   * @throws {RangeError} when the ledger is full
   */
  send(nowMs: number): number {
    if (this.full) {
      throw new RangeError(`Cannot send: ${MAX_OUTSTANDING} heartbeats may be outstanding`);
    }
    if (this.#outstanding === 0) this.#oldestOutstanding = this.#last + 1;
    this.#last++;
    this.#outstanding++;
    if (this.#last >= this.#fates.length && this.#fates.length < MAX_REMEMBERED) this.#grow();
    const place = this.#place(this.#last);
    this.#sentAtMs[place] = nowMs;
    this.#fates[place] = FATES.indexOf("outstanding");
    return this.#last;
  }

  /** Writes down what became of a heartbeat that {@linkcode find} knows. */
  settle(seq: number, fate: Exclude<Fate, "outstanding">): void {
    const place = this.#place(seq);
    if (this.#fates[place] === FATES.indexOf("outstanding")) this.#outstanding--;
    this.#fates[place] = FATES.indexOf(fate);
    if (this.#outstanding === 0) return;
    while (this.find(this.#oldestOutstanding)?.fate !== "outstanding") this.#oldestOutstanding++;
  }

  #place(seq: number): number {
    return seq & (this.#fates.length - 1);
  }

  #grow(): void {
    const sentAtMs = new Float64Array(this.#fates.length * 2);
    const fates = new Uint8Array(this.#fates.length * 2);
    // While it grows, nothing has been forgotten: number n stands at place n, and the old ring's end is the
    // number that makes it grow.
    sentAtMs.set(this.#sentAtMs);
    fates.set(this.#fates);
    this.#sentAtMs = sentAtMs;
    this.#fates = fates;
  }
}
