/**
 * Serves pages over HTTP, beside the one loop, which no request holds up for more than some
 * milliseconds. Loaded only where `--listen` is given.
 *
 * @module
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { OperatorError } from "../text/operator_error.ts";
import { type Asked, readHttpRequest } from "../views/http_request.ts";
import type { Page } from "../views/site.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";

/** More connections than this are closed as they come. */
const MOST_CONNECTIONS = 32;

/** So many pages are written at once, as each holds the figures of its moment; others wait. */
const MOST_AT_ONCE = 2;

/** Longer headers are refused, bytes. */
const LONGEST_HEADERS = 8192;

/** A request that takes longer to come is refused, milliseconds. */
const REQUEST_MS = 10_000;

/** A page that takes longer to be read is given up, milliseconds. */
const READING_MS = 30_000;

/** A connection on which nothing is asked is closed, milliseconds. */
const IDLE_MS = 60_000;

/** After this time at a page, the loop has its turn, milliseconds. */
const TURN_MS = 1;

/**
 * Then the page waits for this many times as long as it took: with less, the heartbeats of ten
 * thousand targets pile up behind it.
 */
const PAUSE_FACTOR = 3;

/** Says of a page that it holds no code, and is for this browser's eyes only. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** How pages are served. */
export interface HttpOptions {
  /** Where; port 0 picks a free one. */
  readonly listen: Endpoint;
  /** Names of this machine that browsers may ask for, in small letters. */
  readonly names: readonly string[];
  /** Finds the page that is asked for. */
  readonly pageOf: (asked: Asked) => Page | undefined;
  /** Called when a page can't be made. */
  readonly complain: (text: string) => void;
}

/** A server of pages. */
export interface HttpServer {
  /** Where it listens. */
  readonly local: Endpoint;
  /** Ends it, with all connections. */
  readonly close: () => void;
}

/**
 * Begins to serve pages.
 *
 * @throws {OperatorError} when the port is taken, the address isn't this machine's, or a permission
 * is missing
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { createServer } = await import("node:http");
  const pages = new Pages(options);
  const server = createServer({
    maxHeaderSize: LONGEST_HEADERS,
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: 1000,
  }, (request, response) => pages.answer(request, response));
  server.maxConnections = MOST_CONNECTIONS;
  const local = await listening(server, options.listen);
  return {
    local,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listening(server: Server, listen: Endpoint): Promise<Endpoint> {
  const name = formatEndpoint(listen);
  const permission = { name: "net", host: name } as const;
  if ((await Deno.permissions.request(permission)).state !== "granted") {
    throw new OperatorError(
      `no permission to serve pages on ${name}; run with --allow-net, or add ${name} to its list`,
    );
  }
  const opened = Promise.withResolvers<void>();
  server.once("listening", opened.resolve);
  server.once("error", opened.reject);
  server.listen(listen.port, listen.hostname);
  try {
    await opened.promise;
  } catch (error) {
    throw new OperatorError(`can't serve pages on ${name}: ${whyOf(error)}`);
  }
  // A connection that fails is its own matter.
  server.on("error", () => {});
  const bound = server.address();
  return { ...listen, port: bound !== null && typeof bound === "object" ? bound.port : 0 };
}

function whyOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  switch (code) {
    case "EADDRINUSE":
      return "the port is taken; choose another, or 0 for a free one";
    case "EADDRNOTAVAIL":
      return "that is no address of this machine";
    case "EACCES":
      return "this port needs more rights; choose one above 1023";
    default:
      return message ?? String(error);
  }
}

class Pages {
  readonly #options: HttpOptions;
  #writing = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A reader that goes away, and a body that nobody asked for, are no faults.
    for (const stream of [request, response]) stream.on("error", () => {});
    request.resume();
    const late = setTimeout(() => response.destroy(), READING_MS);
    response.on("close", () => clearTimeout(late));
    try {
      await this.#answer(request, response);
    } catch (error) {
      this.#options.complain(`a page could not be made: ${error}`);
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const { names, pageOf } = this.#options;
    const asked = readHttpRequest({ method, url, host: headers.host }, names);
    if ("status" in asked) return refuse(response, asked.status, asked.why);
    await this.#turn();
    try {
      const page = response.destroyed ? undefined : pageOf(asked);
      if (page === undefined) return refuse(response, 404, "there is no such page");
      response.writeHead(200, { ...HEADERS, "Content-Type": page.type });
      if (method === "GET") await write(page.text, response);
      response.end();
    } finally {
      this.#writing--;
      this.#waiting.shift()?.();
    }
  }

  /** Waits until few enough pages are written. */
  async #turn(): Promise<void> {
    while (this.#writing >= MOST_AT_ONCE) {
      await new Promise<void>((resume) => this.#waiting.push(resume));
    }
    this.#writing++;
  }
}

function refuse(response: ServerResponse, status: number, why: string): void {
  const allow = status === 405 ? { Allow: "GET, HEAD" } : {};
  const type = "text/plain; charset=utf-8";
  response.writeHead(status, { ...HEADERS, ...allow, "Content-Type": type });
  response.end(`${why}\n`);
}

/** Writes a text piece by piece; the loop, and other pages, have their turns in between. */
async function write(pieces: Iterable<string>, response: ServerResponse): Promise<void> {
  let text = "";
  let sinceMs = performance.now();
  for (const piece of pieces) {
    text += piece;
    if (performance.now() - sinceMs < TURN_MS) continue;
    const taken = text === "" || response.write(text);
    text = "";
    await pause(PAUSE_FACTOR * (performance.now() - sinceMs));
    if (!taken && response.writableNeedDrain) await drained(response);
    if (response.destroyed) return;
    sinceMs = performance.now();
  }
  response.write(text);
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}

/** Waits until the reader has taken what was written, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resume) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resume();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
