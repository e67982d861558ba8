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
import { SoloMonitor } from "./lib/monitor/solo_monitor.ts";
import { needsPrecision } from "./lib/runtime/alarm.ts";
import { type ClientReporter, openReporter } from "./lib/runtime/client_reporter.ts";
import { openClocks } from "./lib/runtime/clock.ts";
import { drive } from "./lib/runtime/drive.ts";
import { runProgram, type Terminal, type Unable } from "./lib/runtime/program.ts";
import { openProtocols } from "./lib/runtime/protocol.ts";
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
  const { target: { host, port }, count, intervalMs, timeoutMs, maxLosses } = options;
  const addresses = await resolveHost(host, options.family, stop);
  const protocol = (await openProtocols(options.keyFile, stop, terminal.complain))();
  const socket = await openSocketTo({
    ...{ addresses, port, source: options.source, complain: terminal.complain },
    onMoved: (from, to, reason) => report({ type: "address", from, to, reason }, readClocks()),
  });
  const { target, others, transport } = socket;
  const pages = options.listen ? await import("./lib/runtime/client_site.ts") : undefined;
  const machine = new SoloMonitor({ ...options, target, protocol, makeShown: pages?.makeShown });
  const reporter = await openReporter(options, target, terminal, machine);
  let code = 1;
  const report: ClientReporter["report"] = (event, now) => {
    reporter.report(event, now);
    if (event.type === "summary") code = EXIT_CODES[event.verdict];
  };
  const readClocks = openClocks();
  const site = await pages
    ?.serveSolo(machine, target, { options, transport, complain: terminal.complain });
  const name = formatEndpoint({ hostname: host, port });
  const about = { name, others, version: VERSION, count, intervalMs, timeoutMs, maxLosses };
  report({ type: "start", ...about, transport }, readClocks());
  if (site) report({ type: "serving", at: site.local }, readClocks());
  terminal.onAsked(() => report({ type: "figures_so_far", ...machine.summary() }, readClocks()));
  const loop = { machine, readClocks, report, precise: needsPrecision(intervalMs), stop };
  await drive({ ...loop, sockets: [socket] });
  site?.close();
  await reporter.finished();
  return code;
}

/** Runs `client.ts` with these arguments, and returns its exit code. */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const options = readClientOptions(args);
  if ("print" in options) terminal.line(options.print);
  else if (options.fleet === undefined) return await monitorServer(options, terminal, stop);
  else {
    const { askMany } = await import("./lib/runtime/ask_many.ts");
    return await askMany(options, terminal, stop);
  }
  return 0;
}

/** A check that can't be made says so as a plugin does. */
async function unable(args: readonly string[], why: string): Promise<Unable | undefined> {
  if (!args.includes("--check")) return undefined;
  return (await import("./lib/report/check_line.ts")).unableToCheck(why);
}

if (import.meta.main) await runProgram("client", main, unable);
