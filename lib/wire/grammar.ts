/**
 * The grammar of both datagrams, as a table.
 *
 * ```text
 * request   Heartbeat <seq> <time>                            Heartbeat 12 1763824000.123456
 * reply     Seq: <seq>, Time Difference: <difference> seconds Seq: 12, Time Difference: 0.000123 seconds
 *
 * field         what it is                                    form
 * <seq>         the heartbeat's number, echoed as it came     1 to 16 digits, 0 to 2^53 - 1
 * <time>        the client's wall clock, Unix seconds         1 to 12 digits, then up to 9 decimals
 * <difference>  the server's receive time less <time>         seconds, six decimals, may be negative
 * ```
 *
 * Fields are separated by white space. What follows the third field of a request, or `seconds` in a
 * reply, is left to extensions: a peer that doesn't know them reads past them.
 *
 * ```text
 * request   ... run=<run>                                                     run=9f3a01c2
 * reply     ..., Received: <n>, First: <seq>, Highest: <seq>, Held: <held>    Received: 83, First: 12, ...
 *
 * <run>         names one run of a client                     8 hexadecimal digits; with a key, 32
 * Received      how many different heartbeats of this run     whole number
 *               the server has accepted, of those from
 * First         the first that it accepted                    as <seq>
 * Highest       to the highest that it accepted               as <seq>
 * <held>        how long the server took over this reply      seconds, six decimals
 * ```
 *
 * @module
 */

/** The longest datagram that is read, in bytes: as much as a peer of the source document reads. */
export const MAX_DATAGRAM_BYTES = 1024;

/** How much longer than its request a reply may be (RFC 9000 section 8.1, against amplification). */
export const MAX_AMPLIFICATION = 3;

/** The form of `<seq>`; its value is checked apart, see {@linkcode readSeq}. */
export const SEQ = "\\d{1,16}";

/** The form of `<difference>`. */
export const DIFFERENCE = "-?\\d{1,13}(?:\\.\\d{1,9})?";

/** How long `<run>` is. */
export const RUN_DIGITS = 8;

/** How long it is with a key: then nobody may ever meet a name again that was used before. */
export const KEYED_RUN_DIGITS = 32;

/** The form of `<held>`. */
export const HELD = "\\d{1,9}\\.\\d{6}";

/** Reads a text that has the form of `<seq>`; `undefined` above 2^53 - 1, where numbers blur. */
export function readSeq(text: string): number | undefined {
  const seq = Number(text);
  return Number.isSafeInteger(seq) ? seq : undefined;
}

// ignoreBOM keeps a byte order mark in the text, where the grammar refuses it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Reads bytes as UTF-8; what isn't UTF-8 becomes U+FFFD, which no field contains. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Writes text as UTF-8. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}
