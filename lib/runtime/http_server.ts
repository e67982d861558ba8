/**
 * Serves pages over HTTP, beside the one loop, which no request holds up for more than some
 * milliseconds. Loaded only where `--listen` is given.
 *
 * @module
 */

import type { Server } from "node:http";
import { OperatorError } from "../text/operator_error.ts";
import { HttpPages, type HttpPagesOptions } from "./http_pages.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";

/** More connections than this are closed as they come. */
const MOST_CONNECTIONS = 32;

/** Longer headers are refused, bytes. */
const LONGEST_HEADERS = 8192;

/** A request that takes longer to come is refused, milliseconds. */
const REQUEST_MS = 10_000;

/** A connection on which nothing is asked is closed, milliseconds. */
const IDLE_MS = 60_000;

/** How pages are served. */
export interface HttpOptions extends HttpPagesOptions {
  /** Where; port 0 picks a free one. */
  readonly listen: Endpoint;
}

/** A server of pages. */
export interface HttpServer {
  /** Where it listens. */
  readonly local: Endpoint;
  /** How many connections are open. */
  readonly connections: () => number;
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
  const pages = new HttpPages(options);
  const server = createServer({
    maxHeaderSize: LONGEST_HEADERS,
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: 1000,
  }, (request, response) => pages.answer(request, response));
  server.maxConnections = MOST_CONNECTIONS;
  let connections = 0;
  server.on("connection", (socket) => {
    connections++;
    socket.on("close", () => connections--);
  });
  const local = await listening(server, options.listen);
  return {
    local,
    connections: () => connections,
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
