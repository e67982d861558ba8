/**
 * Answers requests for pages, one after the other on a connection, long ones in turns with the one
 * loop.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Asked, readHttpRequest, type Refusal } from "../views/http_request.ts";
import type { Page } from "../views/site.ts";
import { TURN_MS, turnOver } from "./in_turns.ts";

/** So many long pages are written at once, as each holds the figures of its moment; others wait. */
const MOST_AT_ONCE = 4;

/** So many more may wait for that; others are refused. */
const MOST_WAITING = 16;

/** A page that takes longer to be read is given up, milliseconds; it waits for its turn besides. */
const READING_MS = 15_000;

/** A reader that takes nothing for this long is given up, milliseconds. */
const STALLED_MS = 3000;

/** No more is written at once, characters. */
const PIECE_LENGTH = 1 << 18;

/** Says of a page that it has no script, and is for this browser's eyes only. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Which pages there are. */
export interface HttpPagesOptions {
  /** Names of this machine that browsers may ask for, in small letters. */
  readonly names: readonly string[];
  /** Finds the page that is asked for. */
  readonly pageOf: (asked: Asked) => Page | undefined;
  /** Called when a page can't be made. */
  readonly complain: (text: string) => void;
}

/** What is under way on a connection. */
interface Exchange {
  /** Settles when the last request that came is answered, or the connection is gone. */
  readonly answered: Promise<void>;
  /** Whether a request waits for the answer to the one before. */
  waits: boolean;
}

/** Answers requests. */
export class HttpPages {
  readonly #options: HttpPagesOptions;
  readonly #exchanges = new WeakMap<Socket, Exchange>();
  #writing = 0;
  readonly #waiting = new Set<() => void>();

  /** Makes what answers. */
  constructor(options: HttpPagesOptions) {
    this.#options = options;
  }

  /** Answers a request, or ends its connection. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    // A reader that goes away is no fault.
    for (const stream of [request, response]) stream.on("error", () => {});
    if (!await this.#isNext(socket, response)) return;
    try {
      await this.#answer(request, response, socket);
    } catch (error) {
      this.#options.complain(`a page could not be made: ${error}`);
      socket.destroy();
    }
  }

  /**
   * Waits until the request before it on its connection is answered. More than one that waits, and
   * there may be thousands, ends the connection.
   */
  async #isNext(socket: Socket, response: ServerResponse): Promise<boolean> {
    const before = this.#exchanges.get(socket);
    if (before?.waits) socket.destroy();
    if (socket.destroyed) return false;
    const answered = new Promise<void>((resume) => {
      const done = () => {
        response.off("finish", done);
        socket.off("close", done);
        resume();
      };
      response.on("finish", done);
      socket.on("close", done);
    });
    const exchange = { answered, waits: before !== undefined };
    this.#exchanges.set(socket, exchange);
    answered.then(() => {
      if (this.#exchanges.get(socket) === exchange) this.#exchanges.delete(socket);
    });
    await before?.answered;
    exchange.waits = false;
    return !socket.destroyed;
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
    const { text, status = 200 } = page;
    const headers = { ...HEADERS, "Content-Type": page.type };
    if (typeof text === "string") {
      const bytes = new TextEncoder().encode(text);
      response.writeHead(status, { ...headers, "Content-Length": bytes.length });
      response.end(method === "HEAD" ? undefined : bytes);
      await taken(response, socket);
    } else if (method === "HEAD") {
      response.writeHead(status, headers);
      response.end();
    } else if (await this.#hasTurn(socket)) {
      try {
        response.writeHead(status, headers);
        await write(text(), response, socket);
      } finally {
        this.#turnEnds();
      }
    } else if (!socket.destroyed) {
      refuse(response, socket, { status: 503, why: "too many ask at once; try again" });
    }
  }

  /** Waits until few enough pages are written; returns whether this one may be. */
  async #hasTurn(socket: Socket): Promise<boolean> {
    if (this.#writing < MOST_AT_ONCE) {
      this.#writing++;
      return true;
    }
    if (this.#waiting.size >= MOST_WAITING) return false;
    return await new Promise<boolean>((resume) => {
      // Whoever ends a turn hands it over.
      const turn = () => {
        socket.off("close", gone);
        resume(true);
      };
      const gone = () => {
        if (this.#waiting.delete(turn)) resume(false);
      };
      this.#waiting.add(turn);
      socket.once("close", gone);
    });
  }

  #turnEnds(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#writing--;
      return;
    }
    this.#waiting.delete(next);
    // The loop first: many may wait.
    setTimeout(next, 0);
  }
}

/** Answers with a reason; what else comes on the connection is not read. */
function refuse(response: ServerResponse, socket: Socket, { status, why }: Refusal): void {
  const allow = status === 405 ? { Allow: "GET, HEAD" } : {};
  const type = "text/plain; charset=utf-8";
  response.on("finish", () => socket.destroySoon());
  // Nor is it waited for one who doesn't read that.
  socket.setTimeout(STALLED_MS, () => socket.destroy());
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
      const fits = text === "" || response.write(text);
      text = "";
      await turnOver(sinceMs);
      if (!fits && response.writableNeedDrain) await taken(response, socket);
      sinceMs = performance.now();
    }
    response.end(text);
    await taken(response, socket);
  } finally {
    clearTimeout(late);
  }
}

/** Waits until the reader has taken what was written, or is gone, or takes nothing. */
function taken(response: ServerResponse, socket: Socket): Promise<void> {
  return new Promise((resume) => {
    const stalled = setTimeout(() => socket.destroy(), STALLED_MS);
    const done = () => {
      clearTimeout(stalled);
      response.off("drain", done);
      response.off("finish", done);
      socket.off("close", done);
      resume();
    };
    if (socket.destroyed || response.writableFinished) return done();
    response.on("drain", done);
    response.on("finish", done);
    socket.on("close", done);
  });
}
