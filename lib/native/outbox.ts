/**
 * Many datagrams sent in one call, and those to one receiver, where there are many, as one.
 *
 * @module
 */

import { MAX_DATAGRAM_BYTES } from "../wire/grammar.ts";
import { ADDRESS_BYTES } from "./addresses.ts";
import { BATCH, Batch, CONTROL, HEADER } from "./batch.ts";
import { type Libc, LINUX } from "./libc.ts";

/** The longest message that the kernel cuts into datagrams; an IP packet has 65,535 bytes. */
const MOST_JOINED_BYTES = 60_000;

/** The control message that has the kernel cut: its header, and a length of two bytes. */
const SEGMENT_BYTES = 18;

/** The room that it takes, padded. */
const SEGMENT_SPACE = 24;

/** After this many refusals in a row of what then left datagram by datagram, nothing is joined. */
const MOST_REFUSALS = 3;

/** What `sendmmsg` sends, in the order in which it was put. */
export class Outbox {
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #batch = new Batch(MAX_DATAGRAM_BYTES);
  readonly #addressLengths = new Uint8Array(BATCH);
  /** The first place of each message, and behind the last one the number of places. */
  readonly #starts = new Uint8Array(BATCH + 1);
  #count = 0;
  #refusals = 0;

  /** Makes an outbox of a socket. */
  constructor(libc: Libc, descriptor: number) {
    this.#libc = libc;
    this.#descriptor = descriptor;
  }

  /** Whether {@linkcode put} has no room left. */
  get isFull(): boolean {
    return this.#count === BATCH;
  }

  /** Puts a datagram with those that {@linkcode flush} sends; false: there is no room. */
  put(bytes: Uint8Array, address: Uint8Array): boolean {
    if (this.isFull || bytes.length > MAX_DATAGRAM_BYTES) return false;
    const place = this.#count++;
    this.#batch.addresses.set(address, place * ADDRESS_BYTES);
    this.#addressLengths[place] = address.length;
    this.#batch.data.set(bytes, place * MAX_DATAGRAM_BYTES);
    this.#batch.setLength(place, bytes.length);
    return true;
  }

  /** Forgets what was put. */
  clear(): void {
    this.#count = 0;
  }

  /**
   * Sends what was put, in its order; returns how many left before one did not.
   *
   * A full batch shows that more has come than could be answered one by one. Then datagrams of one
   * length to one receiver go through the system as one, which the kernel cuts at the end
   * (UDP_SEGMENT): that takes half its time. A smaller batch is never joined, as a queue on the way
   * may lose all of what was joined, or nothing.
   */
  flush(): number {
    const count = this.#count;
    this.#count = 0;
    if (count < BATCH || this.#refusals === MOST_REFUSALS) return this.#send(0, count, false);
    const left = this.#send(0, count, true);
    if (left === count) {
      this.#refusals = 0;
      return left;
    }
    // A path with IPsec, or with an MTU below the datagram's length, takes them one by one only.
    const alone = this.#send(left, count, false);
    if (alone > 0) this.#refusals++;
    return left + alone;
  }

  /** The bytes of a datagram that was put, a view that the next one in its place overwrites. */
  outgoing(place: number): Uint8Array<ArrayBuffer> {
    const from = place * MAX_DATAGRAM_BYTES;
    return this.#batch.data.subarray(from, from + this.#batch.lengthOf(place));
  }

  /** Sends what stands in the places `from` to `to`; returns how many of them left. */
  #send(from: number, to: number, isJoined: boolean): number {
    if (from === to) return 0;
    let messages = 0;
    for (let place = from; place < to; messages++) {
      const size = isJoined ? this.#joinable(place, to) : 1;
      this.#write(messages, place, size);
      place += size;
    }
    this.#starts[messages] = to;
    const { headers } = this.#batch;
    const sent = this.#libc.sendmmsg(this.#descriptor, headers, messages, 0);
    return sent > 0 ? this.#starts[sent]! - from : 0;
  }

  /**
   * How many datagrams, from `place` on, can be one message: the last one may be shorter. An empty
   * one would leave no trace in it.
   */
  #joinable(place: number, to: number): number {
    const batch = this.#batch;
    const length = batch.lengthOf(place);
    if (length === 0) return 1;
    const most = Math.min(to, place + Math.floor(MOST_JOINED_BYTES / length));
    let end = place + 1;
    while (end < most && batch.lengthOf(end) === length && this.#isSame(place, end)) end++;
    if (end === most || !this.#isSame(place, end)) return end - place;
    const last = batch.lengthOf(end);
    return end - place + (last > 0 && last < length ? 1 : 0);
  }

  #isSame(one: number, other: number): boolean {
    const { addresses } = this.#batch;
    const length = this.#addressLengths[one]!;
    if (this.#addressLengths[other] !== length) return false;
    const [a, b] = [one * ADDRESS_BYTES, other * ADDRESS_BYTES];
    for (let i = 0; i < length; i++) if (addresses[a + i] !== addresses[b + i]) return false;
    return true;
  }

  #write(message: number, place: number, size: number): void {
    const { headerWords, controlWords } = this.#batch;
    const at = message * HEADER.BYTES;
    this.#starts[message] = place;
    this.#batch.spanPlaces(message, place, size);
    headerWords[(at + HEADER.NAME_LENGTH) / 4] = this.#addressLengths[place]!;
    headerWords[(at + HEADER.CONTROL_LENGTH) / 4] = size > 1 ? SEGMENT_SPACE : 0;
    if (size === 1) return;
    const control = message * CONTROL.BYTES / 4;
    controlWords[control + CONTROL.LENGTH / 4] = SEGMENT_BYTES;
    controlWords[control + CONTROL.LENGTH / 4 + 1] = 0;
    controlWords[control + CONTROL.LEVEL / 4] = LINUX.SOL_UDP;
    controlWords[control + CONTROL.TYPE / 4] = LINUX.UDP_SEGMENT;
    controlWords[control + CONTROL.SEGMENT / 4] = this.#batch.lengthOf(place);
  }
}
