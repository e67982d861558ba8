/**
 * `HOST[:PORT]`, the client's argument.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { addressFamily, isLinkLocal } from "../wire/address.ts";
import { splitZone } from "../wire/zone.ts";

/** A server as it was named, before its name is looked up. */
export interface Target {
  /** An address without brackets, with its zone if it has one, or a name. */
  readonly host: string;
  /** The UDP port, 1 to 65535. */
  readonly port: number;
}

const DEFAULT_PORT = 12000;

/**
 * Reads `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or a bare IPv6 address; with a zone, too.
 *
 * @throws {OperatorError} when it is none of them
 */
export function readTarget(text: string): Target {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) {
    const [, host = "", port] = bracketed;
    if (addressFamily(host) !== 6) throw notIPv6(text, host);
    return { host, port: readPort(text, port) };
  }
  if (addressFamily(text) === 6) return { host: text, port: DEFAULT_PORT };
  const [host = "", port, ...more] = text.split(":");
  if (more.length > 0 && text.includes("%")) throw notIPv6(text, text);
  if (more.length > 0) throw wrong(text, "it has too many colons, and isn't an IPv6 address");
  if (!NAME.test(host)) {
    throw wrong(text, host === "" ? "the host is missing" : "no host is called that");
  }
  if (/^[\d.]+$/.test(host) && addressFamily(host) === undefined) {
    throw wrong(text, `${host} is not an IPv4 address`);
  }
  return { host, port: readPort(text, port) };
}

// Letters of all alphabets, and the other characters that resolvers accept; at most the length that
// DNS allows. The resolver refuses control characters and spaces beyond ASCII.
const NAME = /^[\w.\-\u00a1-\uffff]{1,253}$/;

function readPort(text: string, port: string | undefined): number {
  if (port === undefined) return DEFAULT_PORT;
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number < 1 || number > 65535) {
    throw wrong(text, `${port === "" ? "an empty port" : port} is not a port from 1 to 65535`);
  }
  return number;
}

function notIPv6(text: string, host: string): OperatorError {
  const { address, zone } = splitZone(host);
  return zone === undefined || addressFamily(address) !== 6
    ? wrong(text, `${host} is not an IPv6 address`)
    : wrong(text, isLinkLocal(address) ? `%${zone} is not a link` : "only fe80:: has links");
}

function wrong(text: string, why: string): OperatorError {
  return new OperatorError(
    `can't read the server ${text}: ${why}; expected HOST or HOST:PORT, such as ` +
      "localhost:12000, 192.0.2.7, [::1]:12000 or [fe80::1%eth0]:12000",
  );
}
