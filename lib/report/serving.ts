/**
 * That pages and metrics are served, and where.
 *
 * @module
 */

import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";

/** Pages are served from now on. */
export interface Serving {
  /** Tells it from other events. */
  readonly type: "serving";
  /** Where, by HTTP. */
  readonly at: Endpoint;
}

/** Says where pages are served. */
export function servingText({ at }: Serving): string {
  return `Serving metrics at ${siteUrl(at)}metrics`;
}

/** The address of the first page. */
export function siteUrl(at: Endpoint): string {
  return `http://${formatEndpoint(at)}/`;
}
