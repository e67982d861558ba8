/**
 * The sockets of a client of many servers: one for each address family.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { addressFamily } from "../wire/address.ts";
import { openOnOtherPort } from "./other_port.ts";
import type { Socket } from "./socket.ts";
import { openTransport } from "./transport.ts";

/** What a fleet's sockets are for. */
export interface FleetSocketOptions {
  /** The only address family to use; `undefined`: both. */
  readonly family: 4 | 6 | undefined;
  /** The local address to send from; `undefined`: the system's choice. */
  readonly source: string | undefined;
  /** The families that some servers are listed with: without these sockets nothing begins. */
  readonly needed: ReadonlySet<4 | 6>;
  /** Whether a port is a server's. */
  readonly isTargets: (port: number) => boolean;
  /** Called where libc may be used, and can't. */
  readonly complain: (text: string) => void;
}

/** The sockets of a fleet. */
export interface FleetSockets {
  /** One, or one for each family. */
  readonly sockets: readonly [Socket, Socket?];
  /** The family that names must have an address of; `undefined`: either will do. */
  readonly family: 4 | 6 | undefined;
}

/**
 * Opens a socket for each family that may be used. A system without IPv6, or IPv4, has none of
 * that family; only if a server is listed with such an address is that an error.
 *
 * @throws {OperatorError} when a socket can't be opened that is needed, or none can
 */
export async function openFleetSockets(options: FleetSocketOptions): Promise<FleetSockets> {
  const { family, source, needed, isTargets, complain } = options;
  const only = source === undefined ? family : addressFamily(source);
  const nativeOf = await openTransport(complain);
  const opened: Socket[] = [];
  let failure: unknown;
  for (const wanted of [4, 6] as const) {
    if (only !== undefined && only !== wanted) continue;
    try {
      const hostname = source ?? (wanted === 6 ? "::" : "0.0.0.0");
      opened.push(openOnOtherPort(hostname, isTargets, nativeOf));
    } catch (error) {
      if (!(error instanceof OperatorError) || needed.has(wanted)) {
        for (const socket of opened) socket.close();
        throw error;
      }
      failure = error;
    }
  }
  const [first, second] = opened;
  if (first === undefined) throw failure;
  if (second !== undefined) return { sockets: [first, second], family: only };
  const left = first.local.hostname.includes(":") ? 6 : 4;
  return { sockets: [first], family: left };
}
