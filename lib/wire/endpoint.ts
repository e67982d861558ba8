/**
 * Where datagrams come from and go to.
 *
 * @module
 */

import { splitZone } from "./zone.ts";

/** One end of a conversation over UDP. */
export interface Endpoint {
  /**
   * IPv4 or IPv6 address as the operating system prints it, without brackets. One that was named
   * may have a zone; those that datagrams come from have none, as Deno leaves it out.
   */
  readonly hostname: string;
  /** UDP port, 0 to 65535. */
  readonly port: number;
}

/** Writes an endpoint for people: `127.0.0.1:12000`, `[::1]:12000`. */
export function formatEndpoint(endpoint: Endpoint): string {
  const { hostname, port } = endpoint;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** Whether two endpoints have the same port and the same address. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && sameHost(a, b);
}

/** Whether two endpoints have the same address, whether or not both say in which zone. */
export function sameHost({ hostname: a }: Endpoint, { hostname: b }: Endpoint): boolean {
  return a === b || a.includes("%") !== b.includes("%") &&
      splitZone(a).address === splitZone(b).address;
}
