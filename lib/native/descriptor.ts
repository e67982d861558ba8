/**
 * Which descriptor of this process a socket of Deno's has: Deno doesn't say.
 *
 * @module
 */

import type { Endpoint } from "../wire/endpoint.ts";
import { ADDRESS_BYTES, readAddress } from "./addresses.ts";
import type { Libc } from "./libc.ts";

/** No process has more descriptors, unless somebody has raised that limit on purpose. */
const MOST_DESCRIPTORS = 65_536;

/**
 * Finds the descriptor of an open socket.
 *
 * @param local what it is bound to
 * @throws {Error} where no descriptor is bound to that
 */
export function findDescriptor(libc: Libc, local: Endpoint): number {
  const address = new Uint8Array(ADDRESS_BYTES);
  const length = new Uint32Array(1);
  const lengthBytes = new Uint8Array(length.buffer);
  for (let descriptor = 0; descriptor < MOST_DESCRIPTORS; descriptor++) {
    length[0] = ADDRESS_BYTES;
    if (libc.getsockname(descriptor, address, lengthBytes) !== 0) continue;
    const bound = readAddress(address, 0);
    if (bound?.port === local.port && bound.hostname === local.hostname) return descriptor;
  }
  throw new Error(`no descriptor is bound to ${local.hostname}, port ${local.port}`);
}
