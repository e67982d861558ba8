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
  /** Its headers, by their names in small letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
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
  readonly status: 400 | 403 | 404 | 405 | 421 | 503;
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
  { method, url, headers }: HttpRequest,
  names: readonly string[],
): Asked | Refusal {
  const { host } = headers;
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, why: `${method} is not answered; expected GET or HEAD` };
  }
  if (typeof host !== "string") return { status: 400, why: "the header Host is missing" };
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0) {
    return { status: 400, why: "a request with a body is not answered" };
  }
  const name = hostName(host);
  if (name === undefined || !isOwn(name, names)) {
    return {
      status: 421,
      why: "this host's name is not known here; ask by address, or start this program with " +
        "--listen-name NAME",
    };
  }
  if (!url.startsWith("/") || url.length > LONGEST_URL) {
    return { status: 400, why: "expected a path such as /metrics" };
  }
  if (isElsewhere(headers)) {
    return { status: 403, why: "other sites may lead here by a link, and no other way" };
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

/**
 * Whether a page of another site has a browser ask, and nobody has followed a link. Browsers say so
 * only to loopback and by HTTPS; elsewhere the page can ask, and not read the answer.
 */
function isElsewhere(headers: HttpRequest["headers"]): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== "cross-site" && site !== "same-site") return false;
  return headers["sec-fetch-mode"] !== "navigate" || headers["sec-fetch-dest"] !== "document";
}
