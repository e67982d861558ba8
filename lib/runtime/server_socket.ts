/**
 * The server's socket, which on `::` also takes IPv4, in the way that the system allows.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { MAX_DATAGRAM_BYTES } from "../wire/grammar.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { openSocket, type Socket } from "./socket.ts";
import { openTransport } from "./transport.ts";

/** A server's socket. */
export interface ServerSocket extends Socket {
  /**
   * Whether IPv4 comes as IPv6 addresses that carry it (`::ffff:192.0.2.1`): then an IPv6 packet
   * can pretend to be IPv4.
   */
  readonly mapsIPv4: boolean;
}

/**
 * Binds the server's socket. On `::` most systems take IPv4, too. Where they don't, it gets a
 * socket of its own; that the address is in use shows that they do. Two sockets have Deno's calls
 * only.
 *
 * @param complain called where libc may be used, and can't
 * @throws {OperatorError} as {@linkcode openSocket}
 */
export async function openServerSocket(
  local: Endpoint,
  complain: (text: string) => void,
): Promise<ServerSocket> {
  const socket = openSocket(local, await openTransport(complain));
  if (local.hostname !== "::") return { ...socket, mapsIPv4: false };
  let ipv4: Socket;
  try {
    ipv4 = openSocket({ hostname: "0.0.0.0", port: socket.local.port });
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { ...socket, mapsIPv4: true };
  }
  return { ...merged(socket, ipv4), mapsIPv4: false };
}

/** A socket that another one waits for, with a buffer of its own. */
interface Inlet {
  readonly socket: Socket;
  readonly buffer: Uint8Array;
  waiting: Promise<Arrival> | undefined;
}

interface Arrival {
  readonly inlet: Inlet;
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

/** Two sockets as one: answers leave by the one of their family. */
function merged(ipv6: Socket, ipv4: Socket): Socket {
  const inlets: Inlet[] = [ipv6, ipv4].map((socket) => ({
    socket,
    buffer: new Uint8Array(MAX_DATAGRAM_BYTES + 1),
    waiting: undefined,
  }));
  return {
    local: ipv6.local,
    transport: "deno",
    async receive(buffer) {
      // They take turns to come first, so that a flood of one family doesn't hide the other.
      inlets.reverse();
      const { inlet, bytes, from } = await Promise.race(inlets.map(arrivalAt));
      inlet.waiting = undefined;
      buffer.set(bytes);
      return [buffer.subarray(0, bytes.length), from];
    },
    send: (bytes, to) => (to.hostname.includes(":") ? ipv6 : ipv4).send(bytes, to),
    close() {
      ipv6.close();
      ipv4.close();
    },
  };
}

function arrivalAt(inlet: Inlet): Promise<Arrival> {
  if (inlet.waiting !== undefined) return inlet.waiting;
  const waiting = inlet.socket.receive(inlet.buffer).then(
    ([bytes, from]) => ({ inlet, bytes, from }),
    (error) => {
      inlet.waiting = undefined;
      throw error;
    },
  );
  // When the sockets are closed, nobody waits for this one any more.
  waiting.catch(() => {});
  return inlet.waiting = waiting;
}
