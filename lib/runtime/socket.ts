/**
 * UDP sockets, as narrow as the loop needs them, with errors that an operator understands.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { addressFamily } from "../wire/address.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { reasonOf } from "./reason.ts";

/** An open UDP socket. */
export interface Socket {
  /** The address and port that it is bound to. */
  readonly local: Endpoint;
  /**
   * Waits for a datagram; the bytes are a view of the buffer, which the next datagram overwrites.
   */
  receive(buffer: Uint8Array): Promise<readonly [bytes: Uint8Array, from: Endpoint]>;
  /** Sends a datagram; rejects when this machine can't. */
  send(bytes: Uint8Array, to: Endpoint): Promise<unknown>;
  /** Closes the socket, which rejects a waiting `receive`; a second call does nothing. */
  close(): void;
}

/**
 * Binds a UDP socket.
 *
 * @param local where to; port 0: the system chooses a free one
 * @throws {OperatorError} when the port is taken, the address isn't this machine's, or a permission
 * is missing
 */
export function openSocket(local: Endpoint): Socket {
  const connection = bind(local);
  const { hostname, port } = connection.addr as Deno.NetAddr;
  let closed = false;
  return {
    local: { hostname, port },
    // Deno's own promises and addresses: wrapping them would cost a tenth of a heartbeat.
    receive: (buffer) => connection.receive(buffer) as Promise<[Uint8Array, Deno.NetAddr]>,
    send: (bytes, to) => connection.send(bytes, to as Deno.NetAddr),
    close() {
      if (closed) return;
      closed = true;
      connection.close();
    },
  };
}

// A system that gives away so few ports that all of these are the target's has none to send from.
const MOST_TRIES = 4;

/**
 * Binds a socket to send from, on any port but the target's: otherwise, on this machine, it might
 * send to itself, and take its own heartbeats for the server's echo.
 *
 * @param hostname the local address
 * @throws {OperatorError} as {@linkcode openSocket}
 */
export function openSocketTo(target: Endpoint, hostname: string): Socket {
  const tried: Socket[] = [];
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const socket = openSocket({ hostname, port: 0 });
      if (socket.local.port !== target.port) return socket;
      // It stays open until another one is found, so that the system gives another port.
      tried.push(socket);
    }
  } finally {
    for (const socket of tried) socket.close();
  }
  throw new OperatorError(`no port to send from but ${target.port}, which is the target's`);
}

/**
 * Checks the permission to send to an endpoint, so that nobody takes a missing one for a silent
 * server.
 *
 * @throws {OperatorError} when it is missing
 */
export async function requireSendPermission(to: Endpoint): Promise<void> {
  const name = formatEndpoint(to);
  const { state } = await Deno.permissions.request({ name: "net", host: name });
  if (state === "granted") return;
  throw new OperatorError(
    `no permission to send to ${name}; run with --allow-net, or add ${name} to its list`,
  );
}

/**
 * Returns the local address to send from: the given one, or the unspecified address of the target's
 * family.
 *
 * @throws {OperatorError} when the given address is of the other family
 */
export function sourceFor(target: Endpoint, source: string | undefined): string {
  const family = addressFamily(target.hostname);
  if (source === undefined) return family === 6 ? "::" : "0.0.0.0";
  if (addressFamily(source) === family) return source;
  throw new OperatorError(
    `--source ${source} can't send to ${target.hostname}: expected an IPv${family} address`,
  );
}

function bind(local: Endpoint): Deno.DatagramConn {
  if (typeof Deno.listenDatagram !== "function") {
    throw new OperatorError("UDP is switched off in this Deno; run it with --unstable-net");
  }
  try {
    return Deno.listenDatagram({ transport: "udp", ...local });
  } catch (error) {
    throw new OperatorError(explain(error, local));
  }
}

function explain(error: unknown, local: Endpoint): string {
  const name = formatEndpoint(local);
  if (error instanceof Deno.errors.AddrInUse) {
    return `UDP port ${local.port} is taken on ${local.hostname}; stop the program that has it, ` +
      "or choose another port (0 picks a free one)";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `${local.hostname} is not an address of this machine; ` +
      "bind to one that is, or leave it out";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `no permission to open ${name}; run with --allow-net, or add ${name} to its list`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `the system doesn't allow ${name} to this user; ports from 1024 up are open to all`;
  }
  return `can't open ${name}: ${reasonOf(error)}`;
}
