/**
 * How people are told of one server among many.
 *
 * @module
 */

import type { Member } from "../fleet/member.ts";
import { formatEndpoint } from "../wire/endpoint.ts";

/** What a target is called: its name, and its address where that is another text. */
export function nameOf({ listed: { name, host, port }, endpoint, unresolved }: Member): string {
  const address = formatEndpoint(endpoint);
  const isAddress = [address, host, formatEndpoint({ hostname: host, port })].includes(name);
  if (unresolved !== undefined) return name;
  return isAddress && endpoint.hostname === host ? address : `${name} (${address})`;
}
