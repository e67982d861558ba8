/**
 * Where datagrams come from and go to.
 *
 * @module
 */

/** One end of a conversation over UDP. */
export interface Endpoint {
  /** IPv4 or IPv6 address as the operating system prints it, without brackets. */
  readonly hostname: string;
  /** UDP port, 0 to 65535. */
  readonly port: number;
}

/** Writes an endpoint for people: `127.0.0.1:12000`, `[::1]:12000`. */
export function formatEndpoint(endpoint: Endpoint): string {
  const { hostname, port } = endpoint;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** Whether two endpoints have the same port and the same text as their address. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.hostname === b.hostname;
}
