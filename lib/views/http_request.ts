/**
 * Which requests of a browser or a scraper are answered.
 *
 * @module
 */

import { addressFamily } from "../wire/address.ts";

/** What matters of a request. */
export interface HttpRequest {
  /** `GET`, `HEAD` or another. */
  readonly method: string;
  /** What stands behind it: `/metrics`, `/?sort=name`. */
  readonly url: string;
  /** The header of that name; `undefined`: it has none. */
  readonly host: string | undefined;
}

/** A request that is answered. */
export interface Asked {
  /** What is asked for, without what follows a `?`. */
  readonly path: string;
  /** What follows the `?`. */
  readonly query: URLSearchParams;
}

/** A request that is not answered. */
export interface Refusal {
  /** The status of HTTP. */
  readonly status: 400 | 405 | 421;
  /** Why, in a sentence. */
  readonly why: string;
}

/** A longer request line asks for nothing that there is, characters. */
const LONGEST_URL = 2000;

/**
 * Reads a request, or says why it is not answered.
 *
 * A page of somebody else's may have its name lead to this machine, to have a browser read here
 * what it can't reach itself (DNS rebinding). The browser then names that page's host, so only
 * addresses, localhost and names that were given are taken.
 *
 * @param names those that were given, in small letters
 */
export function readHttpRequest(
  { method, url, host }: HttpRequest,
  names: readonly string[],
): Asked | Refusal {
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, why: `${method} is not answered; expected GET or HEAD` };
  }
  if (host === undefined) return { status: 400, why: "the header Host is missing" };
  const name = hostName(host);
  if (name === undefined || !isOwn(name, names)) {
    return {
      status: 421,
      why: "this host's name is not known here; ask by address, or start with --listen-name NAME",
    };
  }
  if (!url.startsWith("/") || url.length > LONGEST_URL) {
    return { status: 400, why: "expected a path such as /metrics" };
  }
  const [path = "", ...query] = url.split("?");
  return { path, query: new URLSearchParams(query.join("?")) };
}

/** The host of a header `Host`, in small letters, without port and brackets. */
function hostName(host: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::\d*)?$/.exec(host.trim()) ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, "");
}

function isOwn(name: string, names: readonly string[]): boolean {
  return addressFamily(name) !== undefined || name === "localhost" || names.includes(name);
}
