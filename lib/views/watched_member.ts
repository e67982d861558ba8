/**
 * A member of a fleet as views show it.
 *
 * @module
 */

import type { Member } from "../fleet/member.ts";
import { formatEndpoint } from "../wire/endpoint.ts";
import type { WatchedTarget } from "./watch.ts";

/**
 * Makes what views read of a member.
 *
 * @param readNowMs reads the monotonic clock
 */
export function watchedMember(
  { listed, endpoint, unresolved, monitor }: Member,
  readNowMs: () => number,
): WatchedTarget {
  const { name, host: hostname, port, labels } = listed;
  return {
    ...{ name, target: formatEndpoint({ hostname, port }), labels },
    endpoint: unresolved === undefined ? endpoint : undefined,
    unresolved,
    summary: () => monitor.summary(),
    vitals: () => monitor.vitals(readNowMs()),
  };
}
