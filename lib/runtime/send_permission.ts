/**
 * Whether Deno lets this program send to an endpoint.
 *
 * At a terminal Deno asks for a permission that is missing, and all stands still until somebody
 * answers. So what is not permitted is not tried.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { splitZone } from "../wire/zone.ts";

/** Whether this program may send to an endpoint; nobody is asked. */
export function maySend(to: Endpoint): boolean {
  return Deno.permissions.querySync(permissionTo(to)).state === "granted";
}

/**
 * Asks for the permission to send to an endpoint, where there is somebody to ask.
 *
 * @throws {OperatorError} when it is missing, so that nobody takes that for a silent server
 */
export async function requireSend(to: Endpoint): Promise<void> {
  if ((await Deno.permissions.request(permissionTo(to))).state === "granted") return;
  const { host } = permissionTo(to);
  throw new OperatorError(
    `no permission to send to ${host}; run with --allow-net, or add ${host} to its list`,
  );
}

/** At most this many answers are remembered: to ask takes a third of a heartbeat's time. */
const MOST_REMEMBERED = 4096;

/** How to find out whether this program may send to whom it hears; `undefined`: to all. */
export function sendCheck(): ((to: Endpoint) => boolean) | undefined {
  if (Deno.permissions.querySync({ name: "net" }).state === "granted") return undefined;
  const remembered = new Map<string, boolean>();
  return (to) => {
    const key = `${to.hostname} ${to.port}`;
    let may = remembered.get(key);
    if (may === undefined) {
      if (remembered.size === MOST_REMEMBERED) remembered.clear();
      remembered.set(key, may = maySend(to));
    }
    return may;
  };
}

function permissionTo({ hostname, port }: Endpoint) {
  // Deno checks what a datagram is sent to without its zone.
  const host = formatEndpoint({ hostname: splitZone(hostname).address, port });
  return { name: "net", host } as const;
}
