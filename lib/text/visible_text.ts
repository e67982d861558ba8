/**
 * Bytes from strangers, made safe to print.
 *
 * @module
 */

/** The first bytes of an ignored datagram, this many, are kept and shown. */
export const SHOWN_BYTES = 32;

/**
 * Writes the first bytes of a datagram as quoted text that no terminal obeys: everything but
 * printable ASCII is escaped. Quotes and backslashes are, too, so that the bytes can't end their
 * own quotes.
 *
 * @param totalBytes the length of the whole datagram; three dots show that it is longer than the
 * text
 */
export function visibleText(bytes: Uint8Array, totalBytes: number = bytes.length): string {
  const shown = bytes.subarray(0, SHOWN_BYTES);
  const text = Array.from(shown, visibleCharacter).join("");
  return `"${text}"${totalBytes > shown.length ? "..." : ""}`;
}

function visibleCharacter(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '"' || character === "\\") return `\\${character}`;
  return byte >= 0x20 && byte < 0x7f ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
}
