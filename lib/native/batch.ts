/**
 * Room for many datagrams in one call: the structures that `recvmmsg` and `sendmmsg` take.
 *
 * @module
 */

import { ADDRESS_BYTES } from "./addresses.ts";

/** Datagrams of a batch. */
export const BATCH = 64;

/** Where the parts of `struct mmsghdr` stand on 64-bit Linux; pointers and sizes have 8 bytes. */
export const HEADER = {
  NAME: 0,
  NAME_LENGTH: 8,
  IOV: 16,
  IOV_COUNT: 24,
  CONTROL: 32,
  CONTROL_LENGTH: 40,
  FLAGS: 48,
  LENGTH: 56,
  BYTES: 64,
} as const;

/** Those of `struct iovec`. */
const IOV = { BASE: 0, LENGTH: 8, BYTES: 16 } as const;

/**
 * Those of a control message: `struct cmsghdr`, and behind it a time (`struct timespec`), or the
 * length of a segment (`u16`).
 */
export const CONTROL = {
  LENGTH: 0,
  LEVEL: 8,
  TYPE: 12,
  SECONDS: 16,
  NANOSECONDS: 24,
  SEGMENT: 16,
  BYTES: 32,
} as const;

/** Places for {@linkcode BATCH} datagrams, each with its message, address and control message. */
export class Batch {
  /** What the calls take: `struct mmsghdr[BATCH]`, each message with the place of its number. */
  readonly headers = new Uint8Array(BATCH * HEADER.BYTES);
  /** The same, as words of four bytes. */
  readonly headerWords = new Uint32Array(this.headers.buffer);
  /** The addresses, each {@linkcode ADDRESS_BYTES} after the other. */
  readonly addresses = new Uint8Array(BATCH * ADDRESS_BYTES);
  /** The control messages as words of four bytes, `CONTROL.BYTES` after each other. */
  readonly controlWords = new Uint32Array(BATCH * CONTROL.BYTES / 4);
  /** The datagrams, each {@linkcode Batch.slotBytes} after the other. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** The longest datagram. */
  readonly slotBytes: number;
  readonly #iov = new Uint32Array(BATCH * IOV.BYTES / 4);
  readonly #pointers = new BigUint64Array(this.headers.buffer);
  readonly #nameAt: bigint[] = [];
  readonly #iovAt: bigint[] = [];

  /**
   * Makes room.
   *
   * @param slotBytes the longest datagram
   */
  constructor(slotBytes: number) {
    this.slotBytes = slotBytes;
    this.data = new Uint8Array(BATCH * slotBytes);
    const bases = new BigUint64Array(this.#iov.buffer);
    const parts = [this.data, this.addresses, this.#iov, this.controlWords];
    const [data, addresses, iov, control] = parts.map(pointerTo);
    for (let i = 0; i < BATCH; i++) {
      this.#nameAt.push(addresses! + BigInt(i * ADDRESS_BYTES));
      this.#iovAt.push(iov! + BigInt(i * IOV.BYTES));
      const controlAt = (i * HEADER.BYTES + HEADER.CONTROL) / 8;
      this.#pointers[controlAt] = control! + BigInt(i * CONTROL.BYTES);
      bases[(i * IOV.BYTES + IOV.BASE) / 8] = data! + BigInt(i * slotBytes);
      this.spanPlaces(i, i, 1);
    }
  }

  /** Makes a message out of `count` places, from `place` on; it has the address of the first. */
  spanPlaces(message: number, place: number, count: number): void {
    const at = message * HEADER.BYTES;
    this.#pointers[(at + HEADER.NAME) / 8] = this.#nameAt[place]!;
    this.#pointers[(at + HEADER.IOV) / 8] = this.#iovAt[place]!;
    this.headerWords[(at + HEADER.IOV_COUNT) / 4] = count;
  }

  /** Sets how long the datagram in a place is, or may be. */
  setLength(place: number, bytes: number): void {
    this.#iov[(place * IOV.BYTES + IOV.LENGTH) / 4] = bytes;
  }

  /** What was set by {@linkcode setLength}. */
  lengthOf(place: number): number {
    return this.#iov[(place * IOV.BYTES + IOV.LENGTH) / 4]!;
  }
}

function pointerTo(bytes: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
}
