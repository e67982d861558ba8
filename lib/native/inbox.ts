/**
 * Many datagrams received in one call.
 *
 * @module
 */

import { ADDRESS_BYTES } from "./addresses.ts";
import { BATCH, Batch, CONTROL, HEADER } from "./batch.ts";
import { timespecMs } from "./timespec.ts";

/** What `recvmmsg` fills in: datagrams, where they came from, and when. */
export class Inbox {
  readonly #batch: Batch;
  readonly #views: Uint8Array<ArrayBuffer>[] = [];

  /**
   * Makes room.
   *
   * @param slotBytes the longest datagram; a longer one is cut
   */
  constructor(slotBytes: number) {
    this.#batch = new Batch(slotBytes);
  }

  /** What the call takes. */
  get headers(): Uint8Array<ArrayBuffer> {
    return this.#batch.headers;
  }

  /** Where the datagrams came from, each {@linkcode ADDRESS_BYTES} after the other. */
  get addresses(): Uint8Array<ArrayBuffer> {
    return this.#batch.addresses;
  }

  /** Makes the first places ready to be filled: the call shortens all lengths. */
  clear(count: number = BATCH): void {
    const { headerWords, slotBytes } = this.#batch;
    for (let i = 0; i < count; i++) {
      headerWords[(i * HEADER.BYTES + HEADER.NAME_LENGTH) / 4] = ADDRESS_BYTES;
      headerWords[(i * HEADER.BYTES + HEADER.CONTROL_LENGTH) / 4] = CONTROL.BYTES;
      this.#batch.setLength(i, slotBytes);
    }
  }

  /** The bytes of a datagram that was received, a view of its place. */
  bytes(i: number): Uint8Array<ArrayBuffer> {
    const { headerWords, slotBytes, data } = this.#batch;
    const length = headerWords[(i * HEADER.BYTES + HEADER.LENGTH) / 4]!;
    // Most datagrams are as long as the last one in their place, and a new view costs a fortieth of
    // a heartbeat.
    const last = this.#views[i];
    if (last?.length === length) return last;
    const from = i * slotBytes;
    return this.#views[i] = data.subarray(from, from + length);
  }

  /**
   * When the kernel got it, Unix milliseconds; `undefined`: it doesn't say.
   *
   * @param level the level and type of the control message that says so
   */
  stampMs(i: number, level: number, type: number): number | undefined {
    const { headerWords, controlWords } = this.#batch;
    const length = headerWords[(i * HEADER.BYTES + HEADER.CONTROL_LENGTH) / 4]!;
    const at = i * CONTROL.BYTES / 4;
    if (length < CONTROL.BYTES || controlWords[at + CONTROL.LEVEL / 4] !== level) return undefined;
    if (controlWords[at + CONTROL.TYPE / 4] !== type) return undefined;
    return timespecMs(controlWords, at + CONTROL.SECONDS / 4);
  }
}
