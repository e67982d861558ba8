/**
 * The secret that both sides share: reads it from a file, and seals datagrams with it.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { MAC_BYTES, type Seal } from "../wire/seal.ts";
import { reasonOf } from "./reason.ts";
import { unlessStopped } from "./unless_stopped.ts";

const [MIN_KEY_BYTES, MAX_KEY_BYTES] = [16, 4096];
const HINT = "make one with: openssl rand -hex 32 > FILE";

/**
 * Reads a key, without the white space around it, and makes a seal of it.
 *
 * @param stop aborted when the program is to stop
 * @param warn called where the key can be read, but is no good secret
 * @throws {OperatorError} when the file can't be read, or is too short for a secret, or too long
 */
export async function openSeal(
  keyFile: string,
  stop?: AbortSignal,
  warn: (text: string) => void = () => {},
): Promise<Seal> {
  // A pipe without a writer keeps its reader waiting.
  const reading = readKey(keyFile);
  const { bytes, shared } = await unlessStopped(reading, stop, `the key in ${keyFile}`);
  const key = trimmed(bytes);
  const wrong = bytes.length > MAX_KEY_BYTES
    ? `more than ${MAX_KEY_BYTES} bytes; expected at most as many`
    : key.length < MIN_KEY_BYTES
    ? `${key.length} bytes; expected at least ${MIN_KEY_BYTES}`
    : undefined;
  if (wrong === undefined) {
    if (shared) warn(`others may read or change the key in ${keyFile}; chmod 600 ${keyFile}`);
    if (key.every((byte) => byte === key[0])) {
      warn(`the key in ${keyFile} is one byte over and over, which can be guessed; ${HINT}`);
    }
    return await hmacSeal(key);
  }
  throw new OperatorError(`the key in ${keyFile} has ${wrong}; ${HINT}`);
}

/**
 * Makes a seal of HMAC-SHA-256 (RFC 2104), by `node:crypto`.
 *
 * That module is loaded only here, so that a run without a key doesn't wait for it.
 */
export async function hmacSeal(key: Uint8Array): Promise<Seal> {
  const { createHmac, timingSafeEqual } = await import("node:crypto");
  return {
    mac(...parts) {
      const hmac = createHmac("sha256", key);
      for (const part of parts) hmac.update(part);
      return hmac.digest().subarray(0, MAC_BYTES);
    },
    same: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  };
}

/** The mark that some editors put before UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Removes the mark and the white space that editors and shells put around a secret. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const isSpace = (byte: number | undefined) => byte === 0x20 || (byte! >= 0x09 && byte! <= 0x0d);
  const isMarked = BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
  let [from, to] = [isMarked ? BYTE_ORDER_MARK.length : 0, bytes.length];
  while (from < to && isSpace(bytes[from])) from++;
  while (from < to && isSpace(bytes[to - 1])) to--;
  return bytes.subarray(from, to);
}

/** A file that was read. */
interface KeyFile {
  readonly bytes: Uint8Array;
  /** Whether others than its owner may read it or write to it. */
  readonly shared: boolean;
}

/**
 * Reads at most one byte more than the longest key, which shows a longer one: some files have no
 * end.
 */
async function readKey(keyFile: string): Promise<KeyFile> {
  const bytes = new Uint8Array(MAX_KEY_BYTES + 1);
  let length = 0;
  try {
    using file = await Deno.open(keyFile);
    const { isFile, mode } = await file.stat();
    const shared = isFile && mode !== null && (mode & 0o077) !== 0;
    while (length < bytes.length) {
      const read = await file.read(bytes.subarray(length));
      if (read === null) break;
      length += read;
    }
    return { bytes: bytes.subarray(0, length), shared };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new OperatorError(`there is no file ${keyFile} to read the key from; ${HINT}`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new OperatorError(
        `no permission to read the key in ${keyFile}; run with --allow-read=${keyFile}`,
      );
    }
    throw new OperatorError(`can't read the key in ${keyFile}: ${reasonOf(error)}`);
  }
}
