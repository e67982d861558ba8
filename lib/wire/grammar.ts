/**
 * The grammar of both datagrams, as a table.
 *
 * ```text
 * request   Heartbeat <seq> <time>
 *           Heartbeat 12 1763824000.123456
 * reply     Seq: <seq>, Time Difference: <difference> seconds
 *           Seq: 12, Time Difference: 0.000123 seconds
 *
 * field         meaning                                    form
 * <seq>         the heartbeat's number, echoed as it came  1 to 16 digits, 0 to 2^53 - 1
 * <time>        the client's wall clock, Unix seconds      1 to 12 digits, then up to 9 decimals
 * <difference>  the server's receive time less <time>      seconds, six decimals, may be negative
 * ```
 *
 * White space separates the fields. Extensions follow the third field of a request, or `seconds` in
 * a reply; a peer that doesn't know them skips them.
 *
 * ```text
 * request   ... run=<run>
 *           ... run=9f3a01c2
 * reply     ..., Received: <n>, First: <seq>, Highest: <seq>, Held: <held>
 *           ..., Received: 83, First: 12, Highest: 112, Held: 0.000012
 *
 * field         meaning                                    form
 * <run>         names one run of a client                  8 hexadecimal digits; with a key, 32
 * Received      the different heartbeats of this run that  whole number
 *               the server has accepted, from First to
 *               Highest
 * First         the first heartbeat that it accepted       as <seq>
 * Highest       the highest-numbered one                   as <seq>
 * <held>        time from the request to this reply        seconds, six decimals
 * ```
 *
 * @module
 */

/** The longest datagram that is read, bytes: the buffer of a peer from the source document. */
export const MAX_DATAGRAM_BYTES = 1024;

/** A reply has at most this many times the bytes of its request (RFC 9000 section 8.1). */
export const MAX_AMPLIFICATION = 3;

/** The form of `<seq>`; {@linkcode readSeq} checks its value. */
export const SEQ = "\\d{1,16}";

/** The form of `<difference>`. */
export const DIFFERENCE = "-?\\d{1,13}(?:\\.\\d{1,9})?";

/** The number of digits of `<run>` without a key. */
export const RUN_DIGITS = 8;

/** The number of digits of `<run>` with a key, where no name may ever be used twice. */
export const KEYED_RUN_DIGITS = 32;

/** The form of `<held>`. */
export const HELD = "\\d{1,9}\\.\\d{6}";

/** Reads a text in the form of `<seq>`; `undefined` above 2^53 - 1, where numbers are not exact. */
export function readSeq(text: string): number | undefined {
  const seq = Number(text);
  return Number.isSafeInteger(seq) ? seq : undefined;
}

// ignoreBOM keeps a byte order mark in the text, so that the grammar refuses it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Reads bytes as UTF-8; invalid ones become U+FFFD, which no field contains. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Writes text as UTF-8. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}
