/**
 * UDP sockets, as narrow as the loop needs them, with errors that an operator understands.
 *
 * @module
 */

import type { NativeSocket } from "../native/native_socket.ts";
import type { Transport } from "../report/transport.ts";
import { OperatorError } from "../text/operator_error.ts";
import { isLinkLocal } from "../wire/address.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { splitZone } from "../wire/zone.ts";
import { linkQuestion, reasonOf } from "./reason.ts";
import type { NativeOf } from "./transport.ts";

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
  /** What sends and receives: Deno alone, or libc with it. */
  readonly transport: Transport;
  /** What libc does with it; `undefined`: it has Deno's calls only. */
  readonly native?: NativeSocket | undefined;
  /** Closes the socket, which rejects a waiting `receive`; a second call does nothing. */
  close(): void;
}

/**
 * Binds a UDP socket.
 *
 * @param local where to; port 0: the system chooses a free one
 * @param nativeOf finds what libc does with it; left out: nothing
 * @throws {OperatorError} when the port is taken, the address isn't this machine's, or a permission
 * is missing
 */
export function openSocket(local: Endpoint, nativeOf?: NativeOf): Socket {
  const connection = bind(local);
  const { hostname, port } = connection.addr as Deno.NetAddr;
  const { zone } = splitZone(local.hostname);
  const native = nativeOf?.({ hostname, port });
  let closed = false;
  return {
    transport: native === undefined ? "deno" : "native",
    native,
    local: { hostname: zone === undefined ? hostname : `${hostname}%${zone}`, port },
    // Deno's own promises and addresses: wrapping them would cost a tenth of a heartbeat.
    receive: (buffer) => connection.receive(buffer) as Promise<[Uint8Array, Deno.NetAddr]>,
    send: (bytes, to) => connection.send(bytes, to as Deno.NetAddr),
    close() {
      if (closed) return;
      closed = true;
      native?.close();
      connection.close();
    },
  };
}

// A system that gives away so few ports that all of these are a target's has none to send from.
const MOST_TRIES = 4;

/**
 * Opens a socket on any port but those of targets: otherwise, on this machine, a client might send
 * to itself, and take its own heartbeats for a server's echo.
 *
 * @param isTargets whether a port is a target's
 * @throws {OperatorError} when it can't be opened
 */
export function openOnOtherPort(
  hostname: string,
  isTargets: (port: number) => boolean,
  nativeOf: NativeOf,
): Socket {
  const tried: Socket[] = [];
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const socket = openSocket({ hostname, port: 0 }, nativeOf);
      if (!isTargets(socket.local.port)) return socket;
      // It stays open until another one is found, so that the system gives another port.
      tried.push(socket);
    }
  } finally {
    for (const socket of tried) socket.close();
  }
  const ports = tried.map(({ local: { port } }) => port).join(", ");
  throw new OperatorError(`no port to send from but ${ports}, which servers are asked on`);
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
  const { zone } = splitZone(local.hostname);
  if (zone === undefined && isLinkLocal(local.hostname)) {
    return `can't open ${name}: it lies on a link, which must be named, ` +
      `such as ${local.hostname}%eth0 (${reasonOf(error)})`;
  }
  if (error instanceof Deno.errors.AddrInUse) {
    return `UDP port ${local.port} is taken on ${local.hostname}; stop the program that has it, ` +
      "or choose another port (0 picks a free one)";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `${local.hostname} is not an address of this machine; give one that is, or none`;
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `no permission to open ${name}; run with --allow-net, or add ${name} to its list`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `the system doesn't allow ${name} to this user; ports from 1024 up are open to all`;
  }
  return `can't open ${name}: ${reasonOf(error)}${linkQuestion(zone)}`;
}
