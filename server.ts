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
import { lossModel } from "./lib/impairment/loss.ts";
import { seededRandom } from "./lib/impairment/random.ts";
import { replyLink } from "./lib/impairment/reply_link.ts";
import { Responder } from "./lib/responder/responder.ts";
import { openClocks } from "./lib/runtime/clock.ts";
import { drive } from "./lib/runtime/drive.ts";
import { randomSeed, secretSeed } from "./lib/runtime/entropy.ts";
import { openSeal } from "./lib/runtime/key.ts";
import { runProgram, type Terminal } from "./lib/runtime/program.ts";
import { sendCheck } from "./lib/runtime/send_permission.ts";
import { openServerReporter } from "./lib/runtime/server_reporter.ts";
import { openServerSockets } from "./lib/runtime/server_sockets.ts";
import type { Endpoint } from "./lib/wire/endpoint.ts";

/** A server that answers. */
export interface RunningServer {
  /** The address and port that it is bound to. */
  readonly local: Endpoint;
  /** Settles when the server has stopped and printed its summary. */
  readonly finished: Promise<void>;
}

/**
 * Starts a server, which runs until `stop` is aborted.
 *
 * @throws {OperatorError} when its socket can't be opened, or its key can't be read
 */
export async function startServer(
  options: ServerOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<RunningServer> {
  const { lossShare, meanBurst, impairment, allow, limits, keyFile, seed = randomSeed() } = options;
  const seal = keyFile ? await openSeal(keyFile, stop, terminal.complain) : undefined;
  const { sockets, mapsIPv4 } = await openServerSockets(options, terminal.complain);
  const [{ local, transport }] = sockets;
  const sources = { allow: allow.length === 0 ? undefined : allow, maySend: sendCheck() };
  const machine = new Responder({
    ...options,
    loss: lossModel({ share: lossShare, meanBurst }, seededRandom(seed)),
    link: replyLink(impairment, seed),
    admission: { ...limits, ...sources, local },
    hashSeed: secretSeed(),
    seal,
    readMonotonicMs: () => performance.now(),
  });
  const { report } = openServerReporter(options, terminal);
  const readClocks = openClocks();
  const site = options.listen && await (await import("./lib/runtime/server_site.ts"))
    .serveResponder(machine, options, transport, terminal.complain);
  const bound = { local, mapsIPv4, transport, seed, keyed: seal !== undefined };
  const settings = { lossShare, meanBurst, impairment, allow, limits, ...bound };
  report({ type: "listening", ...settings }, readClocks());
  if (site) report({ type: "serving", at: site.local }, readClocks());
  const figures = () => machine.summary(performance.now());
  terminal.onAsked(() => report({ type: "figures_so_far", ...figures() }, readClocks()));
  const driven = drive({ machine, sockets, readClocks, report, stop });
  return { local, finished: driven.then(() => site?.close()) };
}

/** Runs `server.ts` with these arguments until it is stopped, and returns its exit code. */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const options = readServerOptions(args);
  if ("print" in options) terminal.line(options.print);
  else await (await startServer(options, terminal, stop)).finished;
  return 0;
}

if (import.meta.main) await runProgram("server", main);
