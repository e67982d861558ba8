/**
 * Many datagrams sent in one call, and in a flood those to one receiver as one message: Linux calls
 * that generic segmentation offload (GSO).
 *
 * @module
 */

import { MAX_DATAGRAM_BYTES } from "../wire/grammar.ts";
import { ADDRESS_BYTES } from "./addresses.ts";
import { BATCH, Batch, CONTROL, HEADER } from "./batch.ts";
import { type Libc, LINUX } from "./libc.ts";

/** The most datagrams of a message: before Linux 5.16 one of 64 equally long ones was too long. */
const MOST_SEGMENTS = 63;

/** The most bytes of a message: UDP over IPv4 carries 65,507, and this leaves room for options. */
const MOST_MESSAGE_BYTES = 60_000;

/** `CMSG_LEN(2)`: the header of a control message, and the length of a segment in two bytes. */
const CONTROL_LENGTH = 18;

/** `CMSG_SPACE(2)`: the same, padded. */
const CONTROL_SPACE = 24;

/** After this many refusals in a row of what then left one by one, nothing is joined... */
const MOST_REFUSALS = 3;

/** ...for this many batches: an MTU may rise again, and a full queue empties. */
const REST_BATCHES = 1000;

/** What `sendmmsg` sends, in the order in which it was put. */
export class Outbox {
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #batch = new Batch(MAX_DATAGRAM_BYTES);
  readonly #addressLengths = new Uint8Array(BATCH);
  /** The first place of each message, and behind the last one the end of all. */
  readonly #starts = new Uint8Array(BATCH + 1);
  readonly #canJoin: boolean;
  #count = 0;
  #refusals = 0;
  #rest = 0;

  /** Makes an outbox of a socket. */
  constructor(libc: Libc, descriptor: number) {
    this.#libc = libc;
    this.#descriptor = descriptor;
    // Before Linux 4.18 a control message that isn't known is passed over, and all would leave as
    // one long datagram. An option that isn't known is an error.
    const none = new Uint8Array(4);
    const { SOL_UDP, UDP_SEGMENT } = LINUX;
    this.#canJoin = libc.setsockopt(descriptor, SOL_UDP, UDP_SEGMENT, none, none.length) === 0;
  }

  /** Whether {@linkcode put} has no room left. */
  get isFull(): boolean {
    return this.#count === BATCH;
  }

  /**
   * Puts a datagram with those that {@linkcode flush} sends; false: there is no room, or it is too
   * long.
   *
   * @param address where to, as a `sockaddr_in` or `sockaddr_in6`
   */
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
   * @param isFlood whether neighbours of one length to one receiver may go through the system as
   * one message, which it cuts at the end. A queue on the way may drop them together, so only a
   * flood is worth that.
   */
  flush(isFlood: boolean): number {
    const count = this.#count;
    this.#count = 0;
    if (!isFlood || !this.#canJoin) return this.#send(0, count, false);
    if (this.#rest > 0) {
      this.#rest--;
      return this.#send(0, count, false);
    }
    const left = this.#send(0, count, true);
    if (left === count) {
      this.#refusals = 0;
      return left;
    }
    // A path with IPsec, or an MTU below the datagram's length, takes them one by one only.
    const alone = this.#send(left, count, false);
    if (alone > 0 && ++this.#refusals === MOST_REFUSALS) {
      this.#refusals = 0;
      this.#rest = REST_BATCHES;
    }
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
    const most = Math.min(MOST_SEGMENTS, Math.floor(MOST_MESSAGE_BYTES / length));
    const last = Math.min(to, place + most);
    let end = place + 1;
    while (end < last && batch.lengthOf(end) === length && this.#isSame(place, end)) end++;
    if (end === last || !this.#isSame(place, end)) return end - place;
    const next = batch.lengthOf(end);
    return end - place + (next > 0 && next < length ? 1 : 0);
  }

  #isSame(one: number, other: number): boolean {
    const { addresses } = this.#batch;
    const [a, b] = [one * ADDRESS_BYTES, other * ADDRESS_BYTES];
    // Those of one family are equally long, and the family stands first.
    const length = this.#addressLengths[one]!;
    for (let i = 0; i < length; i++) if (addresses[a + i] !== addresses[b + i]) return false;
    return true;
  }

  #write(message: number, place: number, size: number): void {
    const { headerWords, controlWords } = this.#batch;
    const at = message * HEADER.BYTES;
    this.#starts[message] = place;
    this.#batch.spanPlaces(message, place, size);
    headerWords[(at + HEADER.NAME_LENGTH) / 4] = this.#addressLengths[place]!;
    headerWords[(at + HEADER.CONTROL_LENGTH) / 4] = size > 1 ? CONTROL_SPACE : 0;
    if (size === 1) return;
    const control = message * CONTROL.BYTES / 4;
    controlWords[control + CONTROL.LENGTH / 4] = CONTROL_LENGTH;
    controlWords[control + CONTROL.LEVEL / 4] = LINUX.SOL_UDP;
    controlWords[control + CONTROL.TYPE / 4] = LINUX.UDP_SEGMENT;
    controlWords[control + CONTROL.SEGMENT / 4] = this.#batch.lengthOf(place);
  }
}
