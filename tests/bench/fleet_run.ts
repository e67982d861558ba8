/**
 * One run of the client with many targets, on this machine.
 *
 * @module
 */

import { OperatorError } from "../../lib/text/operator_error.ts";
import { freePort, Program } from "../support/process.ts";
import { processCost } from "./process_cost.ts";

/** What sends and receives. */
export const TRANSPORTS = ["plain", "native"] as const;

/** Deno's own calls, or libc's besides. */
export type Transport = typeof TRANSPORTS[number];

/** What is run. */
export interface FleetRunOptions {
  /** The compiled `responder.c`. */
  readonly responder: string;
  /** How many targets. */
  readonly size: number;
  /** What sends and receives. */
  readonly transport: Transport;
  /** How long, which is also the number of heartbeats to each. */
  readonly seconds: number;
  /** How often its metrics are read, milliseconds; left out: they are not served. */
  readonly scrapeEveryMs?: number | undefined;
}

/** What a run has shown. */
export interface FleetRun {
  /** Heartbeats sent. */
  readonly sent: number;
  /** Replies that the servers have sent, and the client has not read. */
  readonly lost: number;
  /** The median round trip, milliseconds. */
  readonly rttMs: number;
  /** How late heartbeats left: the median, milliseconds. */
  readonly lateP50Ms: number;
  /** 99% left no later. */
  readonly lateP99Ms: number;
  /** The latest. */
  readonly lateMaxMs: number;
  /** How often the loop was late by more than 20 ms. */
  readonly pauses: number;
  /** The longest of these delays, milliseconds. */
  readonly longestPauseMs: number;
  /** The share of a core that the client took, from the second to the last second. */
  readonly cpuShare: number;
  /** The memory that it held then, MB. */
  readonly residentMb: number;
  /** Each reading of its metrics. */
  readonly scrapes: readonly Scrape[];
}

/** A reading of the metrics. */
export interface Scrape {
  /** The length of the text. */
  readonly bytes: number;
  /** How long it took, milliseconds. */
  readonly ms: number;
}

/** As lib/fleet/README.md advises: collections of a small young generation are short. */
const YOUNG = "--v8-flags=--max-semi-space-size=2";

/** The beginning, which costs more, is left out of the processor's time: a tenth, 1 s at least. */
const BEGINNING = 0.1;

/**
 * Runs the client to the end of its heartbeats.
 *
 * @throws {OperatorError} when it doesn't end well
 */
export async function runFleet(
  { responder, size, transport, seconds, scrapeEveryMs }: FleetRunOptions,
): Promise<FleetRun> {
  const port = freePort();
  const servers = new Program(responder, [`${port}`], { deadlineMs: 0 });
  const flags = [YOUNG, "--allow-net", ...(transport === "native" ? ["--allow-ffi"] : [])];
  const listen = scrapeEveryMs === undefined ? [] : ["--listen", "127.0.0.1:0"];
  const args = ["--targets", "-", "-c", `${seconds}`, "--json", "-q", ...listen];
  let last = "";
  let url: string | undefined;
  const client = Program.deno(flags, "client.ts", args, {
    input: true,
    deadlineMs: 0,
    onLine: (line) => {
      last = line;
      if (line.startsWith('{"type":"serving"')) url = JSON.parse(line).url;
    },
  });
  try {
    await client.write(listOf(size, port));
    const ending = client.end();
    const beginningMs = Math.max(1000, BEGINNING * seconds * 1000);
    await pause(beginningMs);
    const [before, beganAtMs] = [await processCost(client.pid), performance.now()];
    // Before the first targets have had their last reply.
    const measuredMs = Math.max(100, seconds * 1000 - beginningMs - 1500);
    const scrapes = scrapeEveryMs === undefined
      ? (await pause(measuredMs), [])
      : await scrape(`${url}metrics`, scrapeEveryMs, beganAtMs + measuredMs);
    const [after, endedAtMs] = [await processCost(client.pid), performance.now()];
    const { stderr } = await ending;
    const { lines } = await servers.stop("SIGTERM");
    const answered = Number(lines[0]?.split(" ")[1]);
    if (!last.startsWith('{"type":"fleet"') || Number.isNaN(answered)) {
      throw new OperatorError(`the client did not end well: ${stderr || last}`);
    }
    const fleet = JSON.parse(last);
    return {
      sent: fleet.sent,
      lost: answered - fleet.received - fleet.late,
      rttMs: fleet.rtt_ms.median,
      lateP50Ms: fleet.schedule_error_ms.median,
      lateP99Ms: fleet.schedule_error_ms.p99 ?? NaN,
      lateMaxMs: fleet.schedule_error_ms.max,
      pauses: fleet.pauses,
      longestPauseMs: fleet.longest_pause_ms,
      cpuShare: (after.cpuMs - before.cpuMs) / (endedAtMs - beganAtMs),
      residentMb: after.residentMb,
      scrapes,
    };
  } finally {
    await Promise.all([client.stop("SIGKILL"), servers.stop("SIGKILL")]);
  }
}

/** Reads a text at an interval, until a moment. */
async function scrape(url: string, everyMs: number, untilMs: number): Promise<Scrape[]> {
  const scrapes: Scrape[] = [];
  for (;;) {
    const startedAtMs = performance.now();
    const bytes = (await (await fetch(url)).arrayBuffer()).byteLength;
    scrapes.push({ bytes, ms: performance.now() - startedAtMs });
    if (startedAtMs + everyMs > untilMs) break;
    await pause(startedAtMs + everyMs - performance.now());
  }
  await pause(untilMs - performance.now());
  return scrapes;
}

/** Targets at addresses of this machine, which has all of 127.0.0.0/8. */
function listOf(size: number, port: number): string {
  return Array.from({ length: size }, (_, i) => {
    const [high, low] = [Math.floor(i / 250), i % 250];
    return `127.${1 + Math.floor(high / 250)}.${high % 250}.${1 + low}:${port} name=server-${i}`;
  }).join("\n");
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, Math.max(0, ms)));
}
