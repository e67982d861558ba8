/**
 * The grammar of both datagrams, as a table.
 *
 * ```text
 * request   Heartbeat <seq> <time>
 *           Heartbeat 12 1763824000.123456467
 * reply     Seq: <seq>, Time Difference: <difference> seconds
 *           Seq: 12, Time Difference: 0.000123 seconds
 *
 * field         meaning                                    form
 * <seq>         the heartbeat's number, echoed as it came  1 to 16 digits, 0 to 2^53 - 1
 * <time>        the client's wall clock, Unix seconds      1 to 12 digits, then up to 9 decimals
 * <difference>  the server's receive time less <time>      seconds, six decimals, may be negative
 * ```
 *
 * White space separates the fields. The first word may be any of 1 to 16 ASCII letters, or be
 * missing; white space and NULs at the end don't matter. Our client's `<time>` ends in check digits
 * (`check_digits.ts`), and a server that recognises them extends its reply:
 *
 * ```text
 * reply     ..., Echo: <decimals>, Count: <n>/<seq>-<seq>, Held: <held>
 *           ..., Echo: 123456467, Count: 11/1-12, Held: 0.000012
 *
 * field         meaning                                    form
 * <decimals>    the nine decimals of <time>                9 digits
 * Count         the different heartbeats of this run that  whole number, then the first and the
 *               the server has accepted, of which stretch  highest of them as <seq>
 * <held>        time from the request to this reply        seconds, six decimals
 * ```
 *
 * With a key, `run=<run>` follows the time: 32 hexadecimal digits that name one run of a client.
 *
 * @module
 */

/** The longest datagram that is read, bytes: the buffer of a peer from the source document. */
export const MAX_DATAGRAM_BYTES = 1024;

/** A reply has at most this many times the bytes of its request (RFC 9000 section 8.1). */
export const MAX_AMPLIFICATION = 3;

/** The form of `<seq>`; {@linkcode readSeq} checks its value. */
export const SEQ = "\\d{1,16}";

/**
 * The form of `<difference>`: plain servers also write all digits that they have, or an exponent.
 * {@linkcode readDifference} checks its value.
 */
export const DIFFERENCE = "-?\\d{1,13}(?:\\.\\d{1,24})?(?:[eE][-+]?\\d{1,2})?";

/** The form of the decimals that a reply echoes. */
export const ECHO = "\\d{9}";

/** The number of digits of `<run>`, a name that may not be used twice. */
export const KEYED_RUN_DIGITS = 32;

/** The form of `<held>`. */
export const HELD = "\\d{1,9}\\.\\d{6}";

/** Reads a text in the form of `<seq>`; `undefined` above 2^53 - 1, where numbers are not exact. */
export function readSeq(text: string): number | undefined {
  const seq = Number(text);
  return Number.isSafeInteger(seq) ? seq : undefined;
}

// Two times of at most 12 integer digits are no further apart, seconds.
const MAX_DIFFERENCE_S = 1e13;

/**
 * Reads a text in the form of `<difference>`, seconds; `undefined` where it is impossibly large.
 */
export function readDifference(text: string): number | undefined {
  const differenceS = Number(text);
  return Math.abs(differenceS) < MAX_DIFFERENCE_S ? differenceS : undefined;
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
