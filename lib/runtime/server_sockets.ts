/**
 * The server's sockets: on `::` they also take IPv4, in the way that the system allows.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { openSocket, type Socket } from "./socket.ts";
import { openTransport } from "./transport.ts";

/** A server's sockets. */
export interface ServerSockets {
  /** One, or two where IPv4 has one of its own. */
  readonly sockets: readonly [Socket, ...Socket[]];
  /**
   * Whether IPv4 comes as IPv6 addresses that carry it (`::ffff:192.0.2.1`): then an IPv6 packet
   * can pretend to be IPv4.
   */
  readonly mapsIPv4: boolean;
}

/**
 * Binds the server's socket. On `::` most systems take IPv4, too. Where they don't, it gets a
 * socket of its own; that the address is in use shows that they do.
 *
 * @param complain called where libc may be used, and can't
 * @throws {OperatorError} as {@linkcode openSocket}
 */
export async function openServerSockets(
  local: Endpoint,
  complain: (text: string) => void,
): Promise<ServerSockets> {
  const nativeOf = await openTransport(complain);
  const socket = openSocket(local, nativeOf);
  if (local.hostname !== "::") return { sockets: [socket], mapsIPv4: false };
  let ipv4: Socket;
  try {
    ipv4 = openSocket({ hostname: "0.0.0.0", port: socket.local.port }, nativeOf);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { sockets: [socket], mapsIPv4: true };
  }
  return { sockets: [socket, ipv4], mapsIPv4: false };
}
