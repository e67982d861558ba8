/**
 * Answers UDP heartbeats, and drops some on purpose, so that clients can be tried.
 *
 * ```sh
 * deno run --allow-net --unstable-net server.ts --loss 30%
 * ```
 *
 * @module
 */

import { readServerOptions, type ServerOptions } from "./lib/cli/server_options.ts";
import { Responder } from "./lib/heartbeat/responder.ts";
import { lossModel } from "./lib/impairment/loss.ts";
import { MAX_SEED, seededRandom } from "./lib/impairment/random.ts";
import { COLOURED, PLAIN } from "./lib/report/palette.ts";
import { Reporter } from "./lib/report/reporter.ts";
import {
  SERVER_DETAILS,
  SERVER_LIMITED,
  type ServerEvent,
  serverJson,
  serverLine,
} from "./lib/report/server_report.ts";
import { readClocks } from "./lib/runtime/clock.ts";
import { drive } from "./lib/runtime/drive.ts";
import { type Console, runProgram } from "./lib/runtime/program.ts";
import { openSocket } from "./lib/runtime/socket.ts";
import type { Endpoint } from "./lib/wire/endpoint.ts";

/** A server that answers. */
export interface RunningServer {
  /** The address and port that it is bound to. */
  readonly local: Endpoint;
  /** Settles when it was stopped and has told its summary. */
  readonly finished: Promise<void>;
}

/**
 * Starts a server.
 *
 * @throws {OperatorError} when its socket can't be opened
 */
export function startServer(options: ServerOptions, console: Console): RunningServer {
  const { hostname, port, lossShare, meanBurst, quiet, json } = options;
  const seed = options.seed ?? Math.floor(Math.random() * (MAX_SEED + 1));
  const machine = new Responder(lossModel({ share: lossShare, meanBurst }, seededRandom(seed)));
  const socket = openSocket({ hostname, port });
  const palette = console.colour ? COLOURED : PLAIN;
  const reporter = new Reporter<ServerEvent>({
    write: (event, now) => json ? serverJson(event, now.wallMs) : serverLine(event, palette),
    hidden: quiet ? SERVER_DETAILS : new Set(),
    limited: SERVER_LIMITED,
  });
  const report = (event: ServerEvent) =>
    reporter.lines(event, readClocks()).forEach((line) => console.line(line));
  report({ type: "listening", local: socket.local, lossShare, meanBurst, seed });
  return {
    local: socket.local,
    finished: drive({ machine, socket, readClocks, report, stop: console.stop }),
  };
}

/** Runs `server.ts` with these arguments until it is stopped, and returns its exit code. */
export async function main(args: readonly string[], console: Console): Promise<number> {
  const options = readServerOptions(args);
  if ("print" in options) console.line(options.print);
  else await startServer(options, console).finished;
  return 0;
}

if (import.meta.main) await runProgram("server", main);
