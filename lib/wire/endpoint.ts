/** Where datagrams come from and go to: an address with a port, and their text. */

/** One end of the conversation. */
export interface Endpoint {
  /** IPv4 or IPv6 address as the operating system prints it, without brackets. */
  readonly hostname: string;
  /** UDP port, 0 to 65535. */
  readonly port: number;
}

/** Writes an endpoint as people do: `127.0.0.1:12000`, `[::1]:12000`. */
export function formatEndpoint(endpoint: Endpoint): string {
  const { hostname, port } = endpoint;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** Tells whether two endpoints are the same address and port, byte for byte. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.hostname === b.hostname;
}
