/**
 * What libc does with the descriptor of a socket of Deno's: many datagrams a call, sends that wait
 * for nothing, and the kernel's time stamps.
 *
 * Deno opens the socket, checks its permissions, waits for datagrams and closes it. What fails here
 * is left to Deno's own calls, which then say why, or wait.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";
import { MAX_DATAGRAM_BYTES } from "../wire/grammar.ts";
import { ADDRESS_BYTES, AddressReader, writeAddress } from "./addresses.ts";
import { BATCH } from "./batch.ts";
import { findDescriptor } from "./descriptor.ts";
import { Inbox } from "./inbox.ts";
import { isKnownSystem, type Libc, type Library, LINUX, openLibrary } from "./libc.ts";
import { Outbox } from "./outbox.ts";
import { StampClock } from "./stamp_clock.ts";
import { timespecMs } from "./timespec.ts";

/** 256 small datagrams fit into the buffer that Linux gives a socket: too few for a flood. */
const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20;

/** At most this many addresses are kept as the system has them. */
const MOST_KNOWN = 16_384;

/** The lengths of datagrams, as calls take them and return them. */
const LENGTHS: readonly bigint[] = Array.from(
  { length: MAX_DATAGRAM_BYTES + 1 },
  (_, n) => BigInt(n),
);

/** An open socket, as libc sees it. */
export class NativeSocket {
  /** The most datagrams of a {@linkcode read}. */
  readonly batch: number = BATCH;
  readonly #library: Library;
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #clock: StampClock;
  readonly #inbox = new Inbox(MAX_DATAGRAM_BYTES + 1);
  readonly #outbox: Outbox;
  readonly #reader = new AddressReader();
  readonly #known = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #number = new Int32Array(1);
  readonly #numberBytes = new Uint8Array(this.#number.buffer);
  readonly #stamp = new Uint8Array(16);
  readonly #stampWords = new Uint32Array(this.#stamp.buffer);
  #waiting = 0;
  #closed = false;

  private constructor(library: Library, descriptor: number) {
    const libc = library.symbols;
    this.#library = library;
    this.#libc = libc;
    this.#descriptor = descriptor;
    this.#clock = new StampClock(libc);
    this.#outbox = new Outbox(libc, descriptor);
    this.#inbox.clear();
    // The first question has the kernel stamp what arrives from now on.
    libc.ioctl(descriptor, LINUX.SIOCGSTAMPNS, this.#stamp);
    if (!this.#set(LINUX.SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES)) {
      this.#set(LINUX.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    }
  }

  /**
   * Finds the descriptor of an open socket of Deno's; `undefined` on a system that isn't known.
   *
   * @param local what it is bound to
   * @throws {Error} where libc can't be opened, or no descriptor is bound to that
   */
  static of(local: Endpoint): NativeSocket | undefined {
    if (!isKnownSystem()) return undefined;
    const library = openLibrary();
    try {
      return new NativeSocket(library, findDescriptor(library.symbols, local));
    } catch (error) {
      library.close();
      throw error;
    }
  }

  /** Sends a datagram at once; false: it did not leave. */
  sendNow(bytes: Uint8Array<ArrayBuffer>, to: Endpoint): boolean {
    if (this.#closed) return false;
    const address = this.#addressOf(to);
    if (address === undefined) return false;
    const [libc, fd] = [this.#libc, this.#descriptor];
    const length = LENGTHS[bytes.length];
    if (length === undefined) return false;
    if (libc.sendto(fd, bytes, length, 0, address, address.length) === length) return true;
    // The number of its link may have changed.
    this.#known.delete(to.hostname);
    return false;
  }

  /**
   * How long the datagram that Deno's `receive` has just returned had waited, milliseconds;
   * `undefined`: it isn't known.
   *
   * @param nowMs now on the monotonic clock
   */
  waitedMs(nowMs: number): number | undefined {
    if (this.#closed) return undefined;
    const { SIOCGSTAMPNS } = LINUX;
    if (this.#libc.ioctl(this.#descriptor, SIOCGSTAMPNS, this.#stamp) !== 0) return undefined;
    this.#clock.read();
    return this.#clock.waitedMs(timespecMs(this.#stampWords, 0), nowMs);
  }

  /** Reads what waits, at most {@linkcode BATCH} datagrams, and returns how many. */
  read(): number {
    this.#inbox.clear(this.#waiting);
    // After a full batch there is probably more.
    const isLikely = this.#waiting === BATCH;
    this.#waiting = 0;
    if (this.#closed || !isLikely && !this.#hasWaiting()) return 0;
    const { headers } = this.#inbox;
    // Only while it is on do the datagrams carry their stamps; while it is off, the last stamp can
    // be asked for.
    this.#set(LINUX.SO_TIMESTAMPNS, 1);
    const read = this.#libc.recvmmsg(this.#descriptor, headers, BATCH, LINUX.MSG_DONTWAIT, null);
    this.#set(LINUX.SO_TIMESTAMPNS, 0);
    this.#waiting = Math.max(0, read);
    if (this.#waiting > 0) this.#clock.read();
    return this.#waiting;
  }

  /** The bytes of a datagram of the last {@linkcode read}. */
  bytes(i: number): Uint8Array<ArrayBuffer> {
    return this.#inbox.bytes(i);
  }

  /** Where it came from. */
  from(i: number): Endpoint {
    return this.#reader.read(this.#inbox.addresses, i * ADDRESS_BYTES);
  }

  /** How long it has waited by now, milliseconds. */
  waitedMsOf(i: number, nowMs: number): number | undefined {
    const stampMs = this.#inbox.stampMs(i, LINUX.SOL_SOCKET, LINUX.SO_TIMESTAMPNS);
    return this.#clock.waitedMs(stampMs, nowMs);
  }

  /** Puts a datagram with those that {@linkcode flush} sends; false: there is no room. */
  put(bytes: Uint8Array, to: Endpoint): boolean {
    const address = this.#addressOf(to);
    return address !== undefined && this.#outbox.put(bytes, address);
  }

  /** Whether {@linkcode put} has no room left. */
  get isFull(): boolean {
    return this.#outbox.isFull;
  }

  /** Sends what was put, in its order; returns how many left before one did not. */
  flush(): number {
    if (this.#closed) this.#outbox.clear();
    // After a full batch there are more than can be answered one by one.
    return this.#outbox.flush(this.#waiting === BATCH);
  }

  /** The bytes of a datagram that was put, a view that the next one may overwrite. */
  outgoing(i: number): Uint8Array<ArrayBuffer> {
    return this.#outbox.outgoing(i);
  }

  /** Makes no more calls: the descriptor will be closed, and may then be another's. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.close();
  }

  #hasWaiting(): boolean {
    const { FIONREAD } = LINUX;
    return this.#libc.ioctl(this.#descriptor, FIONREAD, this.#numberBytes) === 0 &&
      this.#number[0]! > 0;
  }

  #set(option: number, value: number): boolean {
    this.#number[0] = value;
    const { SOL_SOCKET } = LINUX;
    return this.#libc.setsockopt(this.#descriptor, SOL_SOCKET, option, this.#numberBytes, 4) === 0;
  }

  #addressOf(to: Endpoint): Uint8Array<ArrayBuffer> | undefined {
    const { hostname, port } = to;
    let address = this.#known.get(hostname);
    if (address === undefined) {
      const written = new Uint8Array(ADDRESS_BYTES);
      const length = writeAddress(written, 0, to, (zone) => this.#indexOf(zone));
      if (length === 0) return undefined;
      address = written.slice(0, length);
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(hostname, address);
    }
    address[2] = port >> 8;
    address[3] = port & 255;
    return address;
  }

  #indexOf(zone: string): number {
    return this.#libc.if_nametoindex(new TextEncoder().encode(`${zone}\0`));
  }
}
