/**
 * That pages and metrics are served, and where.
 *
 * @module
 */

import { wrap } from "../text/wrap.ts";
import { isLoopback } from "../wire/address.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";

/** Pages are served from now on. */
export interface Serving {
  /** Tells it from other events. */
  readonly type: "serving";
  /** Where, by HTTP. */
  readonly at: Endpoint;
}

/** Says where pages are served, and whether others can read them. */
export function servingText({ at }: Serving): string {
  const line = `Page: ${siteUrl(at)}  Metrics: ${siteUrl(at)}metrics`;
  return isLoopback(at.hostname) ? line : [
    line,
    ...wrap("Whoever reaches this port can read them; by name only with --listen-name.", {
      before: "  ",
    }),
  ].join("\n");
}

/** The address of the first page; where it is served at all of them, loopback's. */
export function siteUrl({ hostname, port }: Endpoint): string {
  const own = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
  return `http://${formatEndpoint({ hostname: own, port })}/`;
}
