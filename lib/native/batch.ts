/**
 * Many datagrams in one call: the structures of `recvmmsg` and `sendmmsg`, side by side.
 *
 * @module
 */

import { ADDRESS_BYTES } from "./addresses.ts";

/** Datagrams of a batch. */
export const BATCH = 64;

/** Where the parts of `struct mmsghdr` stand on 64-bit Linux; pointers and sizes have 8 bytes. */
const HEADER = {
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

/** Those of a control message with a time: `struct cmsghdr`, and a `timespec` behind it. */
const CONTROL = { LENGTH: 0, LEVEL: 8, TYPE: 12, SECONDS: 16, NANOSECONDS: 24, BYTES: 32 } as const;

/** Room for a batch of datagrams, their addresses, and the times at which they arrived. */
export class Batch {
  /** What the calls take: `struct mmsghdr[BATCH]`. */
  readonly headers = new Uint8Array(BATCH * HEADER.BYTES);
  /** The addresses, each {@linkcode ADDRESS_BYTES} after the other. */
  readonly addresses = new Uint8Array(BATCH * ADDRESS_BYTES);
  readonly #data: Uint8Array<ArrayBuffer>;
  readonly #slotBytes: number;
  readonly #iov = new Uint8Array(BATCH * IOV.BYTES);
  readonly #control = new Uint8Array(BATCH * CONTROL.BYTES);
  readonly #headers = new Uint32Array(this.headers.buffer);
  readonly #lengths = new Uint32Array(this.#iov.buffer);
  readonly #views: Uint8Array<ArrayBuffer>[] = [];
  readonly #stamps = new Uint32Array(this.#control.buffer);

  /**
   * Makes room.
   *
   * @param slotBytes the longest datagram
   */
  constructor(slotBytes: number) {
    this.#slotBytes = slotBytes;
    this.#data = new Uint8Array(BATCH * slotBytes);
    const headers = new DataView(this.headers.buffer);
    const iov = new DataView(this.#iov.buffer);
    const [data, addresses, iovs, control] = [
      this.#data,
      this.addresses,
      this.#iov,
      this.#control,
    ].map(pointerTo);
    for (let i = 0; i < BATCH; i++) {
      const at = i * HEADER.BYTES;
      headers.setBigUint64(at + HEADER.NAME, addresses! + BigInt(i * ADDRESS_BYTES), true);
      headers.setBigUint64(at + HEADER.IOV, iovs! + BigInt(i * IOV.BYTES), true);
      headers.setBigUint64(at + HEADER.IOV_COUNT, 1n, true);
      headers.setBigUint64(at + HEADER.CONTROL, control! + BigInt(i * CONTROL.BYTES), true);
      iov.setBigUint64(i * IOV.BYTES + IOV.BASE, data! + BigInt(i * slotBytes), true);
    }
  }

  /** Makes the first places ready to be filled by `recvmmsg`, which shortens all lengths. */
  clear(count: number = BATCH): void {
    for (let i = 0; i < count; i++) {
      this.#headers[(i * HEADER.BYTES + HEADER.NAME_LENGTH) / 4] = ADDRESS_BYTES;
      this.#headers[(i * HEADER.BYTES + HEADER.CONTROL_LENGTH) / 4] = CONTROL.BYTES;
      this.#lengths[(i * IOV.BYTES + IOV.LENGTH) / 4] = this.#slotBytes;
    }
  }

  /** The bytes of a datagram that was received, a view of its place. */
  bytes(i: number): Uint8Array<ArrayBuffer> {
    const length = this.#headers[(i * HEADER.BYTES + HEADER.LENGTH) / 4]!;
    // Most datagrams are as long as the last one in their place, and a new view costs a fortieth of
    // a heartbeat.
    const last = this.#views[i];
    if (last?.length === length) return last;
    const from = i * this.#slotBytes;
    return this.#views[i] = this.#data.subarray(from, from + length);
  }

  /**
   * When the kernel got it, Unix milliseconds; `undefined`: it doesn't say.
   *
   * @param level the level and type of the control message that says so
   */
  stampMs(i: number, level: number, type: number): number | undefined {
    const length = this.#headers[(i * HEADER.BYTES + HEADER.CONTROL_LENGTH) / 4]!;
    const at = i * CONTROL.BYTES / 4;
    const stamps = this.#stamps;
    if (length < CONTROL.BYTES || stamps[at + CONTROL.LEVEL / 4] !== level) return undefined;
    if (stamps[at + CONTROL.TYPE / 4] !== type) return undefined;
    return timespecMs(stamps, at + CONTROL.SECONDS / 4);
  }

  /** Puts a datagram into a place, to be sent by `sendmmsg`; it must be short enough. */
  put(i: number, bytes: Uint8Array, addressLength: number): void {
    this.#data.set(bytes, i * this.#slotBytes);
    this.#lengths[(i * IOV.BYTES + IOV.LENGTH) / 4] = bytes.length;
    this.#headers[(i * HEADER.BYTES + HEADER.NAME_LENGTH) / 4] = addressLength;
    this.#headers[(i * HEADER.BYTES + HEADER.CONTROL_LENGTH) / 4] = 0;
  }

  /** The bytes of a datagram that was put, a view of its place. */
  outgoing(i: number): Uint8Array<ArrayBuffer> {
    const from = i * this.#slotBytes;
    return this.#data.subarray(from, from + this.#lengths[(i * IOV.BYTES + IOV.LENGTH) / 4]!);
  }
}

/** A `struct timespec` of 64-bit Linux, as Unix milliseconds; to a quarter of a microsecond. */
export function timespecMs(words: Uint32Array, at: number): number {
  return (words[at]! + words[at + 1]! * 2 ** 32) * 1000 + words[at + 2]! / 1e6;
}

function pointerTo(bytes: Uint8Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
}
