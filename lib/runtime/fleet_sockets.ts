/**
 * The sockets of a client of many servers: one for each address family, or some where a single one
 * would be too small.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { addressFamily } from "../wire/address.ts";
import { openOnOtherPort, type Socket } from "./socket.ts";
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
  /** How many heartbeats leave in a second. */
  readonly perSecond: number;
  /** Called where libc may be used, and can't. */
  readonly complain: (text: string) => void;
}

/** The sockets of a fleet. */
export interface FleetSockets {
  /** At least one. */
  readonly sockets: readonly [Socket, ...Socket[]];
  /** The family that names must have an address of; `undefined`: either will do. */
  readonly family: 4 | 6 | undefined;
}

/**
 * A socket holds 256 small datagrams on Linux, and Deno can't enlarge it. So the replies of a fifth
 * of a second find room: longer than V8 collects garbage.
 */
const REPLIES_PER_SOCKET = 1250;

/** So many sockets a family are enough for the largest fleet. */
const MOST_SOCKETS = 16;

/**
 * Opens sockets for each family that may be used. A system without IPv6, or IPv4, has none of
 * that family; only if a server is listed with such an address is that an error.
 *
 * @throws {OperatorError} when a socket can't be opened that is needed, or none can
 */
export async function openFleetSockets(options: FleetSocketOptions): Promise<FleetSockets> {
  const { family, source, needed, isTargets, perSecond, complain } = options;
  const wantedSockets = Math.min(MOST_SOCKETS, Math.ceil(perSecond / REPLIES_PER_SOCKET));
  const only = source === undefined ? family : addressFamily(source);
  const nativeOf = await openTransport(complain);
  const opened: Socket[] = [];
  let failure: unknown;
  for (const wanted of [4, 6] as const) {
    if (only !== undefined && only !== wanted) continue;
    try {
      const hostname = source ?? (wanted === 6 ? "::" : "0.0.0.0");
      for (let i = 0; i < wantedSockets; i++) {
        opened.push(openOnOtherPort(hostname, isTargets, nativeOf));
      }
    } catch (error) {
      if (!(error instanceof OperatorError) || needed.has(wanted)) {
        for (const socket of opened) socket.close();
        throw error;
      }
      failure = error;
    }
  }
  const [first, ...others] = opened;
  if (first === undefined) throw failure;
  const families = new Set(opened.map(({ local }) => addressFamily(local.hostname)));
  return { sockets: [first, ...others], family: families.size === 1 ? [...families][0] : only };
}
