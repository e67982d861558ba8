/**
 * The last three decimals of a heartbeat's time: a checksum, by which our server knows our client
 * from its first heartbeat on, and without memory.
 *
 * They are 1 + c mod 999, 001 to 999, where c is the CRC-32 (as in zlib, gzip and PNG) of the bytes
 * before them, from the first digit of the number to the sixth decimal of the time.
 *
 * @module
 */

/** The number of these digits. */
export const CHECK_DIGITS = 3;

/** The number of decimals before them: those of microseconds. */
export const TIME_DECIMALS = 6;

const VALUES = 999;
const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value >>> 1 ^ (value & 1 ? POLYNOMIAL : 0);
  return value;
});

/** The value of the check digits, 1 to 999, for the bytes from index `from` up to `to`. */
export function checkValue(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  for (let at = from; at < to; at++) crc = next(crc, bytes[at]!);
  return valueOf(crc);
}

/** The check digits for the bytes of an ASCII text; making these bytes takes ten times as long. */
export function checkDigits(text: string): string {
  let crc = -1;
  for (let at = 0; at < text.length; at++) crc = next(crc, text.charCodeAt(at));
  return String(valueOf(crc)).padStart(CHECK_DIGITS, "0");
}

function next(crc: number, byte: number): number {
  return crc >>> 8 ^ TABLE[(crc ^ byte) & 0xff]!;
}

function valueOf(crc: number): number {
  return 1 + (~crc >>> 0) % VALUES;
}
