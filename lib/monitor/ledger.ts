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
  /** Whether its loss is this machine's fault: it stood still, or could not send. */
  readonly excused: boolean;
}

/** The times of a heartbeat that was answered in time. */
export interface Answer {
  /** Its round trip, milliseconds. */
  readonly rttMs: number;
  /** The server's receive time less the client's send time, seconds. */
  readonly timeDifferenceS: number;
}

const FATES: readonly Fate[] = ["outstanding", "received", "lost", "late"];
const [OUTSTANDING, RECEIVED] = [FATES.indexOf("outstanding"), FATES.indexOf("received")];
// Marks of a heartbeat, a bit each.
const COPIED = 1;
const EXCUSED = 2;
const SMALLEST = 64;

/**
 * Remembers the last {@linkcode MAX_REMEMBERED} heartbeats in a ring, which grows as it is needed. Numbers
 * follow each other from 1, so a number's low bits are its place.
 */
export class Ledger {
  #sentAtMs = new Float64Array(SMALLEST);
  #rttMs = new Float64Array(SMALLEST);
  #timeDifferenceS = new Float64Array(SMALLEST);
  #fates = new Uint8Array(SMALLEST);
  #marks = new Uint8Array(SMALLEST);
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
    const excused = (this.#marks[place]! & EXCUSED) !== 0;
    return { sentAtMs: this.#sentAtMs[place]!, fate: FATES[this.#fates[place]!]!, excused };
  }

  /** The times of a heartbeat, if it was answered in time and is remembered. */
  answer(seq: number): Answer | undefined {
    if (this.find(seq)?.fate !== "received") return undefined;
    const place = this.#place(seq);
    return { rttMs: this.#rttMs[place]!, timeDifferenceS: this.#timeDifferenceS[place]! };
  }

  /** How many heartbeats up to this number are waiting. */
  outstandingUpTo(seq: number): number {
    let count = 0;
    if (this.#outstanding === 0) return 0;
    for (let s = this.#oldestOutstanding; s <= Math.min(seq, this.#last); s++) {
      if (this.#fates[this.#place(s)] === OUTSTANDING) count++;
    }
    return count;
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
    this.#fates[place] = OUTSTANDING;
    this.#marks[place] = 0;
    return this.#last;
  }

  /** Writes down that a heartbeat that {@linkcode find} knows was answered in time. */
  receive(seq: number, { rttMs, timeDifferenceS }: Answer): void {
    const place = this.#place(seq);
    this.#rttMs[place] = rttMs;
    this.#timeDifferenceS[place] = timeDifferenceS;
    this.#settle(seq, RECEIVED);
  }

  /** Writes down that a heartbeat that {@linkcode find} knows was lost, or answered late. */
  lose(seq: number, fate: "lost" | "late"): void {
    this.#settle(seq, FATES.indexOf(fate));
  }

  /** Writes down that a second reply came to a heartbeat, and returns whether it is the first such. */
  copy(seq: number): boolean {
    const place = this.#place(seq);
    const first = (this.#marks[place]! & COPIED) === 0;
    this.#marks[place]! |= COPIED;
    return first;
  }

  /** Writes down that the loss of a heartbeat that {@linkcode find} knows would not be the server's fault. */
  excuse(seq: number): void {
    this.#marks[this.#place(seq)]! |= EXCUSED;
  }

  #settle(seq: number, fate: number): void {
    const place = this.#place(seq);
    if (this.#fates[place] === OUTSTANDING) this.#outstanding--;
    this.#fates[place] = fate;
    if (this.#outstanding === 0) return;
    while (this.#fates[this.#place(this.#oldestOutstanding)] !== OUTSTANDING) {
      this.#oldestOutstanding++;
    }
  }

  #place(seq: number): number {
    return seq % this.#fates.length;
  }

  #grow(): void {
    // While it grows, nothing has been forgotten: number n stands at place n, and the old ring's end is the
    // number that makes it grow.
    this.#sentAtMs = doubled(this.#sentAtMs);
    this.#rttMs = doubled(this.#rttMs);
    this.#timeDifferenceS = doubled(this.#timeDifferenceS);
    this.#fates = doubled(this.#fates);
    this.#marks = doubled(this.#marks);
  }
}

function doubled<Numbers extends Float64Array | Uint8Array>(numbers: Numbers): Numbers {
  const larger = new (numbers.constructor as new (length: number) => Numbers)(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
