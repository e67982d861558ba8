/**
 * UDP sockets: opened with errors that an operator understands, and no wider than the loop needs.
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
  /** Waits for a datagram; the bytes are a view of the buffer, overwritten by the next. */
  receive(buffer: Uint8Array): Promise<readonly [bytes: Uint8Array, from: Endpoint]>;
  /** Sends a datagram; rejects where this machine can't. */
  send(bytes: Uint8Array, to: Endpoint): Promise<unknown>;
  /** Closes the socket, which ends a `receive` that is waiting; a second time does nothing. */
  close(): void;
}

/**
 * Binds a UDP socket.
 *
 * @param local port 0 lets the system choose a free one
 * @throws {OperatorError} when the port is taken, the address isn't this machine's, or a permission is missing
 */
export function openSocket(local: Endpoint): Socket {
  const connection = bind(local);
  const { hostname, port } = connection.addr as Deno.NetAddr;
  let closed = false;
  return {
    local: { hostname, port },
    // Deno's own promises and addresses, not wrapped into others: that is a tenth of what a heartbeat costs.
    receive: (buffer) => connection.receive(buffer) as Promise<[Uint8Array, Deno.NetAddr]>,
    send: (bytes, to) => connection.send(bytes, to as Deno.NetAddr),
    close() {
      if (closed) return;
      closed = true;
      connection.close();
    },
  };
}

/**
 * Makes sure that datagrams may be sent somewhere, so that a missing permission is told at the start and not
 * taken for a silent server.
 *
 * @throws {OperatorError} when they may not
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
 * Chooses the local address to send from: the one given, or any of the target's family.
 *
 * @throws {OperatorError} when the one given is of the other family
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
    return `UDP port ${local.port} is taken on ${local.hostname}; stop the program that has it, or ` +
      "choose another port (0 picks a free one)";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `${local.hostname} is not an address of this machine; bind to one that is, or leave it out`;
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `no permission to open ${name}; run with --allow-net, or add ${name} to its list`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `the system doesn't allow ${name} to this user; ports from 1024 up are open to all`;
  }
  return `can't open ${name}: ${reasonOf(error)}`;
}
