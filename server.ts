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
import type { Instant } from "./lib/machine/machine.ts";
import { Responder } from "./lib/responder/responder.ts";
import { lossModel } from "./lib/impairment/loss.ts";
import { MAX_SEED, seededRandom } from "./lib/impairment/random.ts";
import { replyLink } from "./lib/impairment/reply_link.ts";
import { COLOURED, PLAIN } from "./lib/report/palette.ts";
import { Reporter } from "./lib/report/reporter.ts";
import { SERVER_TRAITS, type ServerEvent } from "./lib/report/server_events.ts";
import { serverJson } from "./lib/report/server_json.ts";
import { serverLine } from "./lib/report/server_lines.ts";
import { openClocks } from "./lib/runtime/clock.ts";
import { drive } from "./lib/runtime/drive.ts";
import { openSeal } from "./lib/runtime/key.ts";
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
 * @throws {OperatorError} when its socket can't be opened, or its key can't be read
 */
export async function startServer(
  options: ServerOptions,
  console: Console,
): Promise<RunningServer> {
  const { hostname, port, lossShare, meanBurst, impairment, allow, limits, quiet, json } = options;
  const seal = options.keyFile === undefined ? undefined : await openSeal(options.keyFile);
  const seed = options.seed ?? Math.floor(Math.random() * (MAX_SEED + 1));
  const socket = openSocket({ hostname, port });
  const { local } = socket;
  const machine = new Responder({
    loss: lossModel({ share: lossShare, meanBurst }, seededRandom(seed)),
    link: replyLink(impairment, seed),
    clientTimeoutMs: options.clientTimeoutMs,
    admission: { ...limits, local, allow: allow.length === 0 ? undefined : allow },
    hashSeed: crypto.getRandomValues(new Uint32Array(1))[0]!,
    seal,
    quiet,
    readMonotonicMs: () => performance.now(),
  });
  const readClocks = openClocks();
  const palette = console.colour ? COLOURED : PLAIN;
  const reporter = new Reporter<ServerEvent>({
    traits: SERVER_TRAITS,
    quiet,
    write: (event, now) => json ? serverJson(event, now.wallMs) : serverLine(event, palette),
    print: console.line,
  });
  const report = (event: ServerEvent, now: Instant) => reporter.report(event, now);
  const keyed = seal !== undefined;
  report({
    type: "listening",
    local,
    lossShare,
    meanBurst,
    seed,
    impairment,
    allow,
    limits,
    keyed,
  }, readClocks());
  return { local, finished: drive({ machine, socket, readClocks, report, stop: console.stop }) };
}

/** Runs `server.ts` with these arguments until it is stopped, and returns its exit code. */
export async function main(args: readonly string[], console: Console): Promise<number> {
  const options = readServerOptions(args);
  if ("print" in options) console.line(options.print);
  else await (await startServer(options, console)).finished;
  return 0;
}

if (import.meta.main) await runProgram("server", main);
