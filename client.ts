/**
 * Sends UDP heartbeats to a server, measures, and says whether it is alive.
 *
 * ```sh
 * deno run --allow-net --unstable-net client.ts localhost:12000
 * ```
 *
 * @module
 */

import { type ClientOptions, readClientOptions } from "./lib/cli/client_options.ts";
import { OperatorError } from "./lib/cli/operator_error.ts";
import { Monitor } from "./lib/heartbeat/monitor.ts";
import { clientJson } from "./lib/report/client_json.ts";
import {
  CLIENT_DETAILS,
  CLIENT_LIMITED,
  type ClientEvent,
  clientLine,
} from "./lib/report/client_lines.ts";
import { COLOURED, PLAIN } from "./lib/report/palette.ts";
import { KEPT, Reporter } from "./lib/report/reporter.ts";
import { readClocks } from "./lib/runtime/clock.ts";
import { drive } from "./lib/runtime/drive.ts";
import { openHooks } from "./lib/runtime/hooks.ts";
import { type Console, runProgram } from "./lib/runtime/program.ts";
import { resolveHost } from "./lib/runtime/resolve.ts";
import { openSocket, requireSendPermission } from "./lib/runtime/socket.ts";
import { addressFamily } from "./lib/wire/address.ts";
import { type Endpoint, formatEndpoint } from "./lib/wire/endpoint.ts";

/**
 * Monitors a server to the end of its heartbeats, and returns the exit code.
 *
 * @throws {OperatorError} when the name isn't found or the socket can't be opened
 */
export async function monitorServer(options: ClientOptions, console: Console): Promise<number> {
  const { host, port } = options.target;
  const target = { hostname: await resolveHost(host, options.family), port };
  await requireSendPermission(target);
  const { count, intervalMs, timeoutMs, quiet, json } = options;
  const hooks = await openHooks(options);
  const machine = new Monitor({ ...options, target, run: randomRun() });
  const socket = openSocket({ hostname: sourceFor(target, options.source), port: 0 });
  const palette = console.colour ? COLOURED : PLAIN;
  const view = { palette, columns: console.columns, roundTrips: machine.roundTrips };
  const reporter = new Reporter<ClientEvent>({
    write: (event, now) =>
      json ? clientJson(event, target, now.wallMs) : clientLine(event, target, view, now.wallMs),
    hidden: quiet ? CLIENT_DETAILS : new Set(),
    limited: CLIENT_LIMITED,
  });
  const report = (event: ClientEvent) => {
    reporter.lines(event, readClocks()).forEach((line) => console.line(line, KEPT.has(event.type)));
    if (event.type === "state") hooks.run(event, target, console);
  };
  const name = formatEndpoint({ hostname: host, port });
  report({ type: "start", name, count, intervalMs, timeoutMs });
  await drive({ machine, socket, readClocks, report, stop: console.stop });
  await hooks.finished();
  return machine.summary().verdict === "alive" ? 0 : 1;
}

/** A name for this run that no other client of the server is likely to have. */
function randomRun(): string {
  return Math.floor(Math.random() * 2 ** 32).toString(16).padStart(8, "0");
}

/** The local address to send from: the one given, or any of the target's family. */
function sourceFor(target: Endpoint, source: string | undefined): string {
  const family = addressFamily(target.hostname);
  if (source === undefined) return family === 6 ? "::" : "0.0.0.0";
  if (addressFamily(source) === family) return source;
  throw new OperatorError(
    `--source ${source} can't send to ${target.hostname}: expected an IPv${family} address`,
  );
}

/** Runs `client.ts` with these arguments, and returns its exit code. */
export async function main(args: readonly string[], console: Console): Promise<number> {
  const options = readClientOptions(args);
  if ("print" in options) {
    console.line(options.print);
    return 0;
  }
  return await monitorServer(options, console);
}

if (import.meta.main) await runProgram("client", main);
