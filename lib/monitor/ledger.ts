/**
 * The heartbeats that were sent, and the fate of each, as far back as a reply may still come.
 *
 * @module
 */

import { FEWEST_REMEMBERED, MAX_REMEMBERED } from "./memory_size.ts";

/** The fate of a heartbeat; `late`: lost, and then answered after all. */
export type Fate = "outstanding" | "received" | "lost" | "late";

/**
 * Why a heartbeat says nothing about the server: this machine could not send it, or slept or stood
 * still while it waited, or heartbeats went to another address from then on.
 */
export type Excuse = "unsent" | "asleep" | "moved";

const EXCUSES: readonly (Excuse | undefined)[] = [undefined, "asleep", "moved", "unsent"];

/** Whether a reason for a belief is an excuse. */
export function isExcuse(reason: string): reason is Excuse {
  return EXCUSES.includes(reason as Excuse);
}

/** A heartbeat that was sent. */
export interface Heartbeat {
  /** When it was sent, on the monotonic clock. */
  readonly sentAtMs: number;
  /** The time that this machine had slept before, milliseconds; see `own_machine.ts`. */
  readonly sleptMs: number;
  /** The time that this machine had missed before, sleep included, milliseconds. */
  readonly missedMs: number;
  /** How long before it was sent the time was read that stands in it, milliseconds. */
  readonly writingMs: number;
  /** Its fate so far. */
  readonly fate: Fate;
  /** Why its loss says nothing about the server; `undefined`: it does. */
  readonly excuse: Excuse | undefined;
}

/** When a heartbeat is sent. */
export type SendMoment = Pick<Heartbeat, "sentAtMs" | "sleptMs" | "missedMs">;

/** The times of a heartbeat that was answered in time. */
export interface Answer {
  /** Its round trip, milliseconds. */
  readonly rttMs: number;
  /** The server's receive time less the client's send time, seconds; `undefined` for an echo. */
  readonly timeDifferenceS: number | undefined;
}

const FATES: readonly Fate[] = ["outstanding", "received", "lost", "late"];
const [OUTSTANDING, RECEIVED] = [FATES.indexOf("outstanding"), FATES.indexOf("received")];

// A heartbeat's note has its fate in the lowest two bits, a mark, and its excuse above.
const FATE = 0b00011;
const COPIED = 0b00100;
const EXCUSE_SHIFT = 3;

// The times of a heartbeat, side by side, in this order.
const [SENT_AT_MS, SLEPT_MS, MISSED_MS] = [0, 1, 2];
const [WALL_MS, RTT_MS, TIME_DIFFERENCE_S, WRITING_MS, TIMES] = [3, 4, 5, 6, 7];

/**
 * Remembers the last heartbeats in a ring, which grows up to its limit as it is needed. Numbers
 * follow each other from 1, and a number's remainder is its place.
 */
export class Ledger {
  /** How many heartbeats it remembers. */
  readonly remembered: number;
  readonly #mostWaiting: number;
  #times = new Float64Array(TIMES * FEWEST_REMEMBERED);
  #notes = new Uint8Array(FEWEST_REMEMBERED);
  #last = 0;
  #oldestOutstanding = 1;
  #outstanding = 0;

  /**
   * Makes an empty ledger.
   *
   * @param remembered how many heartbeats it remembers, 64 to {@linkcode MAX_REMEMBERED}
   */
  constructor(remembered: number = MAX_REMEMBERED) {
    this.remembered = remembered;
    this.#mostWaiting = Math.floor(remembered / 2);
  }

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

  /**
   * Whether nothing can be sent before the heartbeat that waits longest is settled: half of the
   * ring is for lost ones, so that late replies are recognised.
   */
  get full(): boolean {
    const waiting = this.#last - this.#oldestOutstanding + 1;
    return this.#outstanding > 0 && waiting >= this.#mostWaiting;
  }

  /** A heartbeat; `undefined` if it was never sent, or too long ago to be remembered. */
  find(seq: number): Heartbeat | undefined {
    if (!this.#remembers(seq)) return undefined;
    const place = this.#place(seq);
    const note = this.#notes[place]!;
    const times = TIMES * place;
    return {
      sentAtMs: this.#times[times + SENT_AT_MS]!,
      sleptMs: this.#times[times + SLEPT_MS]!,
      missedMs: this.#times[times + MISSED_MS]!,
      writingMs: this.#times[times + WRITING_MS]!,
      fate: FATES[note & FATE]!,
      excuse: EXCUSES[note >> EXCUSE_SHIFT],
    };
  }

  /** When a heartbeat that {@linkcode find} knows was sent, on the monotonic clock. */
  sentAtMsOf(seq: number): number {
    return this.#times[TIMES * this.#place(seq) + SENT_AT_MS]!;
  }

  /**
   * The wall clock when a heartbeat left, Unix milliseconds; `undefined` where {@linkcode find}
   * doesn't know it, or it has not left yet.
   */
  wallMsOf(seq: number): number | undefined {
    if (!this.#remembers(seq)) return undefined;
    const wallMs = this.#times[TIMES * this.#place(seq) + WALL_MS]!;
    return Number.isNaN(wallMs) ? undefined : wallMs;
  }

  /** The times of a heartbeat, if it was answered in time and is remembered. */
  answer(seq: number): Answer | undefined {
    if (!this.#remembers(seq)) return undefined;
    const place = this.#place(seq);
    if ((this.#notes[place]! & FATE) !== RECEIVED) return undefined;
    const times = TIMES * place;
    const timeDifferenceS = this.#times[times + TIME_DIFFERENCE_S]!;
    return {
      rttMs: this.#times[times + RTT_MS]!,
      timeDifferenceS: Number.isNaN(timeDifferenceS) ? undefined : timeDifferenceS,
    };
  }

  /** How many heartbeats up to this number wait for their replies. */
  outstandingUpTo(seq: number): number {
    let count = 0;
    if (this.#outstanding === 0) return 0;
    for (let s = this.#oldestOutstanding; s <= Math.min(seq, this.#last); s++) {
      if (this.#isOutstanding(s)) count++;
    }
    return count;
  }

  /** The newest heartbeat that was sent by this moment; 0 where none that is remembered was. */
  lastSentBy(monotonicMs: number): number {
    let low = Math.max(0, this.#last - this.remembered);
    let high = this.#last;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#times[TIMES * this.#place(middle) + SENT_AT_MS]! <= monotonicMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * Writes down that the next heartbeat leaves, and returns its number.
   *
   * @throws {RangeError} if the ledger is full
   */
  send({ sentAtMs, sleptMs, missedMs }: SendMoment): number {
    if (this.full) {
      throw new RangeError(`Cannot send: ${this.#mostWaiting} heartbeats may be outstanding`);
    }
    if (this.#outstanding === 0) this.#oldestOutstanding = this.#last + 1;
    this.#last++;
    this.#outstanding++;
    const { length } = this.#notes;
    if (this.#last >= length && length < this.remembered) this.#grow();
    const place = this.#place(this.#last);
    const times = TIMES * place;
    this.#times[times + SENT_AT_MS] = sentAtMs;
    this.#times[times + SLEPT_MS] = sleptMs;
    this.#times[times + MISSED_MS] = missedMs;
    this.#times.fill(NaN, times + WALL_MS, times + WRITING_MS);
    this.#times[times + WRITING_MS] = 0;
    this.#notes[place] = OUTSTANDING;
    return this.#last;
  }

  /**
   * Writes down when a heartbeat leaves, which {@linkcode find} knows.
   *
   * @param wallMs the wall clock, Unix milliseconds, as it stands in the heartbeat
   */
  left(seq: number, wallMs: number): void {
    this.#times[TIMES * this.#place(seq) + WALL_MS] = wallMs;
  }

  /** Writes down when a heartbeat really left, and how long it took to write. */
  sentAt(seq: number, monotonicMs: number, writingMs: number): void {
    const times = TIMES * this.#place(seq);
    this.#times[times + SENT_AT_MS] = monotonicMs;
    this.#times[times + WRITING_MS] = writingMs;
  }

  /** Writes down that a heartbeat that {@linkcode find} knows was answered in time. */
  receive(seq: number, { rttMs, timeDifferenceS }: Answer): void {
    const times = TIMES * this.#place(seq);
    this.#times[times + RTT_MS] = rttMs;
    this.#times[times + TIME_DIFFERENCE_S] = timeDifferenceS ?? NaN;
    this.#settle(seq, RECEIVED);
  }

  /** Writes down that a heartbeat that {@linkcode find} knows was lost, or answered late. */
  lose(seq: number, fate: "lost" | "late"): void {
    this.#settle(seq, FATES.indexOf(fate));
  }

  /** Writes down that a heartbeat was answered once more; returns whether for the first time. */
  copy(seq: number): boolean {
    const place = this.#place(seq);
    const first = (this.#notes[place]! & COPIED) === 0;
    this.#notes[place]! |= COPIED;
    return first;
  }

  /**
   * Writes down that a heartbeat that {@linkcode find} knows is excused: its loss would say nothing
   * about the server.
   */
  excuse(seq: number, excuse: Excuse): void {
    const place = this.#place(seq);
    const note = this.#notes[place]!;
    // That it was not sent says the most.
    const before = note >> EXCUSE_SHIFT;
    const strongest = Math.max(before, EXCUSES.indexOf(excuse));
    this.#notes[place] = note & (FATE | COPIED) | strongest << EXCUSE_SHIFT;
  }

  /** Writes down that all heartbeats in flight are excused. */
  excuseOutstanding(excuse: Excuse): void {
    if (this.#outstanding === 0) return;
    for (let seq = this.#oldestOutstanding; seq <= this.#last; seq++) this.excuse(seq, excuse);
  }

  #settle(seq: number, fate: number): void {
    const place = this.#place(seq);
    if (this.#isOutstanding(seq)) this.#outstanding--;
    this.#notes[place] = this.#notes[place]! & ~FATE | fate;
    if (this.#outstanding === 0) return;
    while (!this.#isOutstanding(this.#oldestOutstanding)) this.#oldestOutstanding++;
  }

  #remembers(seq: number): boolean {
    return seq >= 1 && seq <= this.#last && seq > this.#last - this.remembered;
  }

  #isOutstanding(seq: number): boolean {
    return (this.#notes[this.#place(seq)]! & FATE) === OUTSTANDING;
  }

  #place(seq: number): number {
    return seq % this.#notes.length;
  }

  #grow(): void {
    // Nothing has been forgotten yet: number n stands at place n, and the number that needs more
    // room is the first one without a place.
    const places = Math.min(2 * this.#notes.length, this.remembered);
    const times = new Float64Array(TIMES * places);
    times.set(this.#times);
    this.#times = times;
    const notes = new Uint8Array(places);
    notes.set(this.#notes);
    this.#notes = notes;
  }
}
