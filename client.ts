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
import { VERSION } from "./lib/cli/common_flags.ts";
import { EXIT_CODES } from "./lib/cli/exit_codes.ts";
import type { Instant } from "./lib/machine/machine.ts";
import { SoloMonitor } from "./lib/monitor/solo_monitor.ts";
import { CLIENT_TRAITS, type ClientEvent } from "./lib/report/client_events.ts";
import { clientJson } from "./lib/report/client_json.ts";
import { clientLine } from "./lib/report/client_lines.ts";
import { Reporter } from "./lib/report/reporter.ts";
import { viewOf } from "./lib/report/view.ts";
import { COARSE_INTERVAL_MS } from "./lib/runtime/alarm.ts";
import { openClocks } from "./lib/runtime/clock.ts";
import { drive } from "./lib/runtime/drive.ts";
import { openHooks } from "./lib/runtime/hooks.ts";
import { runProgram, type Terminal } from "./lib/runtime/program.ts";
import { openProtocol } from "./lib/runtime/protocol.ts";
import { resolveHost } from "./lib/runtime/resolve.ts";
import { openSocketTo } from "./lib/runtime/target_socket.ts";
import { formatEndpoint } from "./lib/wire/endpoint.ts";

/**
 * Monitors a server to the end of its heartbeats, and returns the exit code.
 *
 * @throws {OperatorError} when the name isn't found, the socket can't be opened, a permission is
 * missing, or the key can't be read
 */
export async function monitorServer(
  options: ClientOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const { target: { host, port }, count, intervalMs, timeoutMs, maxLosses, quiet, json } = options;
  const addresses = await resolveHost(host, options.family, stop);
  const hooks = await openHooks(options, terminal.complain);
  const protocol = await openProtocol(options.keyFile, stop, terminal.complain);
  const socket = await openSocketTo({
    ...{ addresses, port, source: options.source, complain: terminal.complain },
    onMoved: (from, to, reason) => report({ type: "address", from, to, reason }, readClocks()),
  });
  const { target, others, transport } = socket;
  const machine = new SoloMonitor({ ...options, target, protocol });
  const view = viewOf(terminal, options);
  const reporter = new Reporter<ClientEvent>({
    traits: CLIENT_TRAITS,
    quiet,
    write: (event, { wallMs }) =>
      json ? clientJson(event, target, wallMs) : clientLine(event, target, view, wallMs),
    print: terminal.line,
  });
  let code = 1;
  const report = (event: ClientEvent, now: Instant) => {
    reporter.report(event, now);
    if (event.type === "state") hooks.run(event, target, now.wallMs);
    if (event.type === "summary") code = EXIT_CODES[event.verdict];
  };
  const readClocks = openClocks();
  const name = formatEndpoint({ hostname: host, port });
  const settings = { count, intervalMs, timeoutMs, maxLosses, version: VERSION };
  report({ type: "start", name, others, ...settings, transport }, readClocks());
  terminal.onAsked(() => report({ type: "figures_so_far", ...machine.summary() }, readClocks()));
  const precise = intervalMs > 0 && intervalMs < COARSE_INTERVAL_MS;
  await drive({ machine, sockets: [socket], readClocks, report, precise, stop });
  await hooks.finished();
  return code;
}

/** Runs `client.ts` with these arguments, and returns its exit code. */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const options = readClientOptions(args);
  if (!("print" in options)) return await monitorServer(options, terminal, stop);
  terminal.line(options.print);
  return 0;
}

if (import.meta.main) await runProgram("client", main);
