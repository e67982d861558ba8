/**
 * Serves pages over HTTP, beside the one loop, which no request holds up for more than some
 * milliseconds. Loaded only where `--listen` is given.
 *
 * @module
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { OperatorError } from "../text/operator_error.ts";
import { type Asked, readHttpRequest, type Refusal } from "../views/http_request.ts";
import type { Page } from "../views/site.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";

/** More connections than this are closed as they come. */
const MOST_CONNECTIONS = 32;

/** So many long pages are written at once, as each holds the figures of its moment; others wait. */
const MOST_AT_ONCE = 4;

/** Longer headers are refused, bytes. */
const LONGEST_HEADERS = 8192;

/** A request that takes longer to come is refused, milliseconds. */
const REQUEST_MS = 10_000;

/** A page that takes longer to be read is given up, milliseconds; it waits for its turn besides. */
const READING_MS = 15_000;

/** A reader that takes nothing for this long is given up, milliseconds. */
const STALLED_MS = 3000;

/** A connection on which nothing is asked is closed, milliseconds. */
const IDLE_MS = 60_000;

/** After this time at a page, the loop has its turn, milliseconds. */
const TURN_MS = 1;

/** No more is written at once, characters. */
const PIECE_LENGTH = 1 << 18;

/**
 * Then the page waits for this many times as long as it took: with less, the heartbeats of ten
 * thousand targets pile up behind it.
 */
const PAUSE_FACTOR = 3;

/** Says of a page that it has no script, and is for this browser's eyes only. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
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
    // Deno 2.9 says so of an address that isn't this machine's.
    case "EINVAL":
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
  /** Connections whose request is not answered yet. */
  readonly #busy = new WeakSet<Socket>();
  #writing = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    // A reader that goes away is no fault.
    for (const stream of [request, response]) stream.on("error", () => {});
    // One request after the other: of those that come without waiting, there may be thousands.
    if (socket.destroyed || this.#busy.has(socket)) return void socket.destroy();
    this.#busy.add(socket);
    response.on("finish", () => this.#busy.delete(socket));
    try {
      await this.#answer(request, response, socket);
    } catch (error) {
      this.#options.complain(`a page could not be made: ${error}`);
      socket.destroy();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, socket: Socket): Promise<void> {
    const { method = "", url = "" } = request;
    const { names, pageOf } = this.#options;
    const asked = readHttpRequest({ method, url, headers: request.headers }, names);
    if ("status" in asked) return refuse(response, socket, asked);
    const page = pageOf(asked);
    if (page === undefined) {
      return refuse(response, socket, { status: 404, why: "there is no such page" });
    }
    const { text } = page;
    const headers = { ...HEADERS, "Content-Type": page.type };
    if (typeof text === "string") {
      const bytes = new TextEncoder().encode(text);
      response.writeHead(200, { ...headers, "Content-Length": bytes.length });
      response.end(method === "HEAD" ? undefined : bytes);
      return;
    }
    response.writeHead(200, headers);
    if (method === "HEAD") response.end();
    else await this.#inTurn(() => write(text(), response, socket));
  }

  /** Waits until few enough pages are written. */
  async #inTurn(act: () => Promise<void>): Promise<void> {
    while (this.#writing >= MOST_AT_ONCE) {
      await new Promise<void>((resume) => this.#waiting.push(resume));
    }
    this.#writing++;
    try {
      await act();
    } finally {
      this.#writing--;
      this.#waiting.shift()?.();
    }
  }
}

/** Answers with a reason; what else comes on the connection is not read. */
function refuse(response: ServerResponse, socket: Socket, { status, why }: Refusal): void {
  const allow = status === 405 ? { Allow: "GET, HEAD" } : {};
  const type = "text/plain; charset=utf-8";
  response.on("finish", () => socket.destroySoon());
  response.writeHead(status, {
    ...HEADERS,
    ...allow,
    "Content-Type": type,
    "Connection": "close",
  });
  response.end(`${why}\n`);
}

/** Writes a text piece by piece; the loop, and other pages, have their turns in between. */
async function write(
  pieces: Iterable<string>,
  response: ServerResponse,
  socket: Socket,
): Promise<void> {
  const late = setTimeout(() => socket.destroy(), READING_MS);
  try {
    let text = "";
    let sinceMs = performance.now();
    for (const piece of pieces) {
      if (socket.destroyed) return;
      text += piece;
      if (text.length < PIECE_LENGTH && performance.now() - sinceMs < TURN_MS) continue;
      const taken = text === "" || response.write(text);
      text = "";
      await pause(PAUSE_FACTOR * (performance.now() - sinceMs));
      if (!taken && response.writableNeedDrain) await drained(response, socket);
      sinceMs = performance.now();
    }
    response.end(text);
    if (response.writableNeedDrain) await drained(response, socket);
  } finally {
    clearTimeout(late);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}

/** Waits until the reader has taken what was written, or is gone, or takes nothing. */
function drained(response: ServerResponse, socket: Socket): Promise<void> {
  return new Promise((resume) => {
    const stalled = setTimeout(() => socket.destroy(), STALLED_MS);
    const done = () => {
      clearTimeout(stalled);
      response.off("drain", done);
      response.off("finish", done);
      socket.off("close", done);
      resume();
    };
    if (socket.destroyed) return done();
    response.on("drain", done);
    response.on("finish", done);
    socket.on("close", done);
  });
}
