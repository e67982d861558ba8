/**
 * Whose time a round trip is: what clients report, beside the kernel's stamps on the wire.
 *
 * @module
 */

import { freePort, Program } from "../support/process.ts";
import type { OnRound } from "./rounds.ts";
import { median } from "./median.ts";
import { row } from "./row.ts";

/** From one heartbeat to the next, and how many of them make a round. */
const PACES = [
  { intervalMs: 1, count: 1000 },
  { intervalMs: 10, count: 200 },
  { intervalMs: 100, count: 30 },
  { intervalMs: 1000, count: 8 },
];

/** Round trips, microseconds. */
interface RoundTrips {
  readonly p50: number;
  readonly p90: number;
}

/** A client, the server that it asks, and how it reports. */
interface Pinger {
  readonly name: string;
  /** Left out: the kernel answers pings. */
  readonly server?: (port: number) => readonly string[];
  readonly run: (port: number, intervalMs: number, count: number) => Promise<RoundTrips>;
}

/** Tools that this measurement needs, compiled into a folder, or installed. */
export interface RoundTripTools {
  /** The server in C. */
  readonly echo: string;
  /** What stamps packets on the wire, which takes root. */
  readonly wire: string;
  /** Whether irtt is installed. */
  readonly irtt: boolean;
  /** Whether fping is, and may send pings. */
  readonly fping: boolean;
}

/**
 * Runs all clients in turn at each pace; returns the lines to print.
 *
 * @param longestMs paces whose rounds take longer are left out
 */
export async function measureRoundTrips(
  tools: RoundTripTools,
  rounds: number,
  longestMs: number,
  onRound: OnRound,
): Promise<string[]> {
  const lines = [row("Round trips, us", "reported", "wire", "excess", "p90", "wire p90")];
  const paces = PACES.filter(({ intervalMs, count }) => intervalMs * count <= longestMs);
  for (const { intervalMs, count } of paces) {
    const all = pingers(tools);
    const found = all.map(() => ({ reported: [] as RoundTrips[], wire: [] as RoundTrips[] }));
    for (let round = 0; round < rounds; round++) {
      onRound(`round trips, every ${intervalMs} ms`, round);
      for (const [i, pinger] of all.entries()) {
        const { reported, wire } = await ping(pinger, tools.wire, intervalMs, count);
        found[i]!.reported.push(reported);
        if (wire !== undefined) found[i]!.wire.push(wire);
      }
    }
    lines.push(`every ${intervalMs} ms, ${count} a round`);
    for (const [i, { name }] of all.entries()) lines.push(roundTripRow(name, found[i]!));
  }
  return [...lines, ""];
}

function roundTripRow(
  name: string,
  { reported, wire }: { readonly reported: RoundTrips[]; readonly wire: RoundTrips[] },
): string {
  const middle = (runs: readonly RoundTrips[], part: keyof RoundTrips) =>
    runs.length === 0 ? undefined : median(runs.map((run) => run[part]));
  const excess = wire.length === 0
    ? undefined
    : median(reported.map((run, i) => run.p50 - wire[i]!.p50));
  const cells = [
    middle(reported, "p50"),
    middle(wire, "p50"),
    excess,
    middle(reported, "p90"),
    middle(wire, "p90"),
  ];
  return row(`  ${name}`, ...cells.map((us) => us === undefined ? "-" : us.toFixed(0)));
}

function pingers({ echo, irtt, fping }: RoundTripTools): Pinger[] {
  const server = (port: number) => [echo, `${port}`];
  return [
    { name: "client.ts", server, run: (...run) => runClient([], ...run) },
    { name: "client.ts --allow-ffi", server, run: (...run) => runClient(["--allow-ffi"], ...run) },
    ...(irtt ? [{ name: "irtt client, answered by irtt", server: irttServer, run: runIrtt }] : []),
    ...(fping ? [{ name: "fping, answered by the kernel", run: runFping }] : []),
  ];
}

/** irtt's server without its limit, which by default is a packet in 10 ms after a burst of five. */
export function irttServer(port: number): string[] {
  return ["irtt", "server", "-i", "0", "-b", `127.0.0.1:${port}`];
}

/** Runs a client once; without the permission to stamp packets there is no wire. */
async function ping(
  { server, run }: Pinger,
  wire: string,
  intervalMs: number,
  count: number,
): Promise<{ reported: RoundTrips; wire: RoundTrips | undefined }> {
  // The wire's program takes port 0 for pings.
  const port = server === undefined ? 0 : freePort();
  const [file, ...args] = server?.(port) ?? [];
  const running = file && new Program(file, args, { mute: true, deadlineMs: 0 });
  const sniffer = new Program(wire, [`${port}`], { deadlineMs: 0 });
  const ready = await sniffer.nextLine();
  // Other tools' servers take their time to start.
  await new Promise((resume) => setTimeout(resume, 300));
  const reported = await run(port, intervalMs, count);
  const { lines } = await sniffer.stop("SIGINT");
  const stamps = lines.map(Number).slice(-count);
  if (running) await running.stop("SIGKILL");
  return { reported, wire: ready === undefined ? undefined : percentiles(stamps) };
}

function percentiles(values: readonly number[]): RoundTrips {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  return { p50: at(0.5), p90: at(0.9) };
}

async function runClient(
  flags: readonly string[],
  port: number,
  intervalMs: number,
  count: number,
): Promise<RoundTrips> {
  const args = [`127.0.0.1:${port}`, `-i${intervalMs}ms`, `-c${count}`, "--json"];
  const program = Program.deno(["--allow-net", ...flags], "client.ts", args, { deadlineMs: 0 });
  const { lines } = await program.end();
  const events = lines.map((line) => JSON.parse(line));
  return percentiles(
    events.filter(({ type }) => type === "reply").map(({ rtt_ms }) => rtt_ms * 1000),
  );
}

async function runIrtt(port: number, intervalMs: number, count: number): Promise<RoundTrips> {
  const pace = ["-i", `${intervalMs}ms`, "-d", `${intervalMs * count}ms`];
  const args = ["client", "-Q", "-o", "-", ...pace, `127.0.0.1:${port}`];
  const { lines } = await new Program("irtt", args, { deadlineMs: 0 }).end();
  const { round_trips: trips } = JSON.parse(lines.join("\n"));
  return percentiles(
    trips.flatMap(({ delay }: { delay: { rtt?: number } }) =>
      delay.rtt === undefined ? [] : [delay.rtt / 1000]
    ),
  );
}

async function runFping(_: number, intervalMs: number, count: number): Promise<RoundTrips> {
  const args = ["-q", "-i", "1", "-p", `${intervalMs}`, "-C", `${count}`, "127.0.0.1"];
  const { stderr } = await new Program("fping", args, { deadlineMs: 0 }).end();
  // "127.0.0.1 : 0.031 - 0.027", milliseconds, a dash for a loss.
  const trips = stderr.trim().split(" ").slice(2).filter((trip) => trip !== "-");
  return percentiles(trips.map((trip) => Number(trip) * 1000));
}
