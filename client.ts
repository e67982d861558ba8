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
import { OperatorError } from "./lib/text/operator_error.ts";
import type { Instant } from "./lib/machine/machine.ts";
import { Monitor } from "./lib/monitor/monitor.ts";
import { CLIENT_TRAITS, type ClientEvent } from "./lib/report/client_events.ts";
import { clientJson } from "./lib/report/client_json.ts";
import { clientLine } from "./lib/report/client_lines.ts";
import { COLOURED, PLAIN } from "./lib/report/palette.ts";
import { Reporter } from "./lib/report/reporter.ts";
import { openClocks } from "./lib/runtime/clock.ts";
import { drive } from "./lib/runtime/drive.ts";
import { openHooks } from "./lib/runtime/hooks.ts";
import { openSeal } from "./lib/runtime/key.ts";
import { type Console, runProgram } from "./lib/runtime/program.ts";
import { resolveHost } from "./lib/runtime/resolve.ts";
import { openSocket, requireSendPermission } from "./lib/runtime/socket.ts";
import { addressFamily } from "./lib/wire/address.ts";
import { type Endpoint, formatEndpoint } from "./lib/wire/endpoint.ts";
import { KEYED_RUN_DIGITS, RUN_DIGITS } from "./lib/wire/grammar.ts";

/** From this interval on, timers that are 2 ms late are good enough. */
const COARSE_INTERVAL_MS = 20;

/**
 * Monitors a server to the end of its heartbeats, and returns the exit code.
 *
 * @throws {OperatorError} when the name isn't found, the socket can't be opened, or the key can't be read
 */
export async function monitorServer(options: ClientOptions, console: Console): Promise<number> {
  const { host, port } = options.target;
  const target = { hostname: await resolveHost(host, options.family), port };
  await requireSendPermission(target);
  const { count, intervalMs, timeoutMs, quiet, json } = options;
  const hooks = await openHooks(options, console.complain);
  const seal = options.keyFile === undefined ? undefined : await openSeal(options.keyFile);
  const run = randomRun(seal === undefined ? RUN_DIGITS : KEYED_RUN_DIGITS);
  const machine = new Monitor({ ...options, target, run, seal });
  const socket = openSocket({ hostname: sourceFor(target, options.source), port: 0 });
  const readClocks = openClocks();
  const palette = console.colour ? COLOURED : PLAIN;
  const view = { palette, columns: console.columns };
  const reporter = new Reporter<ClientEvent>({
    traits: CLIENT_TRAITS,
    quiet,
    write: (event, now) =>
      json ? clientJson(event, target, now.wallMs) : clientLine(event, target, view, now.wallMs),
    print: console.line,
  });
  let alive = false;
  const report = (event: ClientEvent, now: Instant) => {
    reporter.report(event, now);
    if (event.type === "state") hooks.run(event, target, now.wallMs);
    if (event.type === "summary") alive = event.verdict === "alive";
  };
  const name = formatEndpoint({ hostname: host, port });
  report({ type: "start", name, count, intervalMs, timeoutMs }, readClocks());
  const precise = intervalMs > 0 && intervalMs < COARSE_INTERVAL_MS;
  await drive({ machine, socket, readClocks, report, precise, stop: console.stop });
  await hooks.finished();
  return alive ? 0 : 1;
}

/** A name for this run that no other client of the server is likely to have. */
function randomRun(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(digits / 2));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
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
