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
 * @throws {OperatorError} when the file can't be read, or is too short for a secret, or too long
 */
export async function openSeal(keyFile: string, stop?: AbortSignal): Promise<Seal> {
  // A pipe without a writer keeps its reader waiting.
  const bytes = await unlessStopped(readBytes(keyFile), stop, `the key in ${keyFile}`);
  const key = trimmed(bytes);
  const wrong = bytes.length > MAX_KEY_BYTES
    ? `more than ${MAX_KEY_BYTES} bytes; expected at most as many`
    : key.length < MIN_KEY_BYTES
    ? `${key.length} bytes; expected at least ${MIN_KEY_BYTES}`
    : undefined;
  if (wrong === undefined) return await hmacSeal(key);
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

/** Removes the white space that editors and shells put around a secret. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const isSpace = (byte: number | undefined) => byte === 0x20 || (byte! >= 0x09 && byte! <= 0x0d);
  let [from, to] = [0, bytes.length];
  while (from < to && isSpace(bytes[from])) from++;
  while (from < to && isSpace(bytes[to - 1])) to--;
  return bytes.subarray(from, to);
}

/**
 * Reads at most one byte more than the longest key, which shows a longer one: some files have no
 * end.
 */
async function readBytes(keyFile: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_KEY_BYTES + 1);
  let length = 0;
  try {
    using file = await Deno.open(keyFile);
    while (length < bytes.length) {
      const read = await file.read(bytes.subarray(length));
      if (read === null) break;
      length += read;
    }
    return bytes.subarray(0, length);
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
