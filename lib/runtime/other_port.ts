/**
 * Sockets on ports that are nobody's target: otherwise, on this machine, a client might send to
 * itself, and take its own heartbeats for a server's echo.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { openSocket, type Socket } from "./socket.ts";
import type { NativeOf } from "./transport.ts";

// A system that gives away so few ports that all of these are a target's has none to send from.
const MOST_TRIES = 4;

/**
 * Opens a socket on any port but those of targets.
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
