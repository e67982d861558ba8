/**
 * The secret that both sides share: read from a file, and used to seal datagrams.
 *
 * @module
 */

import { OperatorError } from "../cli/operator_error.ts";
import { MAC_BYTES, type Seal } from "../wire/seal.ts";
import { reasonOf } from "./reason.ts";

const [MIN_KEY_BYTES, MAX_KEY_BYTES] = [16, 4096];
const HINT = "make one with: openssl rand -hex 32 > FILE";

/**
 * Reads a key, white space around it left out, and makes a seal of it: HMAC-SHA-256 (RFC 2104) by `node:crypto`,
 * which is loaded here only, so that a plain run doesn't wait for it.
 *
 * @throws {OperatorError} when the file can't be read, or holds too little to be a secret
 */
export async function openSeal(keyFile: string): Promise<Seal> {
  const key = await readKey(keyFile);
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

async function readKey(keyFile: string): Promise<Uint8Array> {
  const text = await readText(keyFile);
  const key = new TextEncoder().encode(text.trim());
  if (key.length < MIN_KEY_BYTES) {
    throw new OperatorError(
      `the key in ${keyFile} has ${key.length} bytes; expected at least ${MIN_KEY_BYTES}; ${HINT}`,
    );
  }
  if (key.length > MAX_KEY_BYTES) {
    throw new OperatorError(
      `the key in ${keyFile} has ${key.length} bytes; expected at most ${MAX_KEY_BYTES}; ${HINT}`,
    );
  }
  return key;
}

async function readText(keyFile: string): Promise<string> {
  try {
    return await Deno.readTextFile(keyFile);
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
