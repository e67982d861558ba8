/** A seal for simulated networks: the core has no cryptography of its own. */

import { bytesOf } from "../../lib/wire/grammar.ts";
import { MAC_BYTES, type Seal } from "../../lib/wire/seal.ts";

/** Tells keys and texts apart as a hash does, and resists nobody (FNV-1a, four times). */
export function sealOf(key: string): Seal {
  return {
    mac(...parts) {
      const code = new DataView(new ArrayBuffer(MAC_BYTES));
      for (let word = 0; word < MAC_BYTES / 4; word++) {
        let hash = 0x811c9dc5 ^ word;
        for (const part of [bytesOf(key), ...parts]) {
          for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193);
        }
        code.setUint32(word * 4, hash);
      }
      return new Uint8Array(code.buffer);
    },
    same: (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]),
  };
}
