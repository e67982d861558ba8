/**
 * From a name to its addresses. For one server that is done once, at the start: the measurement
 * must not wait for a name server.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { addressFamily, canonicalAddress } from "../wire/address.ts";
import { reasonOf } from "./reason.ts";
import { unlessStopped } from "./unless_stopped.ts";

/**
 * Returns the addresses of a host, at least one, those of IPv4 first: the server listens there
 * unless it is told otherwise.
 *
 * @param host an IPv4 or IPv6 address, `localhost`, or a name
 * @param family the wanted address family; `undefined`: any
 * @param stop aborted when the program is to stop
 * @throws {OperatorError} when the name has no such address, or looking it up isn't permitted
 */
export async function resolveHost(
  host: string,
  family: 4 | 6 | undefined,
  stop?: AbortSignal,
): Promise<string[]> {
  const given = addressFamily(host);
  if (given !== undefined && /^(0\.0\.0\.0|::)$/.test(canonicalAddress(host)!)) {
    throw new OperatorError(
      `${host} is where a server listens, and no address to send to; on this machine it is ` +
        (given === 4 ? "127.0.0.1" : "[::1]"),
    );
  }
  if (given !== undefined) {
    if (family === undefined || family === given) return [canonicalAddress(host)!];
    throw new OperatorError(`${host} is an IPv${given} address, but -${family} was given`);
  }
  // RFC 6761 section 6.3: localhost is the loopback address, whatever a resolver says. So the
  // default target needs no resolver, which takes time to load.
  if (/^(?:.*\.)?localhost\.?$/i.test(host)) return [family === 6 ? "::1" : "127.0.0.1"];
  // Loaded only for names: it would double the start-up time of all other runs.
  const { lookup } = await import("node:dns/promises");
  try {
    const looking = lookup(host, { family: family ?? 0, all: true, order: "ipv4first" });
    const found = await unlessStopped(looking, stop, `the address of ${host}`);
    return [...new Set(found.map(({ address }) => canonicalAddress(address) ?? address))];
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(explain(error, host, family));
  }
}

function explain(error: unknown, host: string, family: 4 | 6 | undefined): string {
  if (error instanceof Deno.errors.NotCapable || reasonOf(error).includes("EPERM")) {
    return `no permission to look up ${host}; run with --allow-net, ` +
      `or add both ${host} and its address to its list`;
  }
  const kind = family === undefined ? "address" : `IPv${family} address`;
  return `${host} has no ${kind} that can be found (${
    reasonOf(error)
  }); check the name, or give an address`;
}
