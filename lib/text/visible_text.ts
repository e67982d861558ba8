/**
 * Bytes from strangers, made harmless to look at.
 *
 * @module
 */

/** How many bytes of a datagram that counts for nothing are kept, to be shown. */
export const SHOWN_BYTES = 32;

/**
 * Writes the first bytes of a datagram as text that no terminal obeys: all but printable ASCII is escaped, as are
 * quotes and backslashes, so that what is shown can't be mistaken for what is said about it.
 *
 * @param totalBytes how long the datagram was; three dots tell that there is more than is shown
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
