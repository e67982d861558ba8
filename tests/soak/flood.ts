/**
 * The flooder: a process of its own that sends what it is told by lines on its standard input, and
 * ends when that is closed, so that it never outlives the soak.
 *
 * @module
 */

import { type Random, seededRandom } from "../../lib/impairment/random.ts";
import { runProgram, type Terminal } from "../../lib/runtime/program.ts";
import { garbage, heartbeats, loopbackAddress, neighbour } from "./datagrams.ts";
import { linesOf } from "../support/lines.ts";

/** What to send: a line of JSON on the flooder's standard input. */
export interface FloodOrder {
  /** Garbage, or heartbeats of strangers, from anywhere or from the client's own network. */
  readonly kind: "garbage" | "flood" | "own_flood";
  /** The server's port on 127.0.0.1. */
  readonly port: number;
  /** How many datagrams a second. */
  readonly perSecond: number;
  /** How long, milliseconds. */
  readonly forMs: number;
  /** Repeats the datagrams. */
  readonly seed: number;
}

/** What was sent: a line of JSON on the flooder's standard output, after each order. */
export interface FloodReport {
  /** What was sent. */
  readonly kind: FloodOrder["kind"];
  /** How many datagrams left. */
  readonly sent: number;
  /** How many the system refused. */
  readonly refused: number;
  /** How long it took, milliseconds. */
  readonly tookMs: number;
}

/** How often a batch leaves. */
const BATCH_EVERY_MS = 5;

/**
 * What this process was too late for is not made up for beyond this: a burst would only show the
 * server's buffer.
 */
const LONGEST_CATCH_UP_MS = 10;

/**
 * Few enough for any system's limit of open files, and for the replies that wait in their buffers:
 * nobody reads them.
 */
const SOURCES = 256;

/** Garbage is made before it is sent, as making it takes longer. */
const GARBAGE_POOL = 4096;

/** One who sends to the server. */
interface Source {
  readonly socket: Deno.DatagramConn;
  readonly next: (wallMs: number) => Uint8Array<ArrayBuffer>;
}

async function main(
  _args: readonly string[],
  terminal: Terminal,
  stopped: AbortSignal,
): Promise<number> {
  const inputEnded = new AbortController();
  // Ctrl-C at a terminal comes to this process, too: it stops sending, and lives on until its input
  // ends.
  const stop = AbortSignal.any([inputEnded.signal, stopped]);
  let work = Promise.resolve();
  for await (const line of linesOf(Deno.stdin.readable)) {
    const order: FloodOrder = JSON.parse(line);
    work = work.then(async () => terminal.line(JSON.stringify(await carryOut(order, stop))));
  }
  inputEnded.abort();
  await work;
  return 0;
}

/** Sends a batch each few milliseconds, by a schedule that doesn't drift. */
async function carryOut(order: FloodOrder, stop: AbortSignal): Promise<FloodReport> {
  const { kind, port, perSecond, forMs, seed } = order;
  const to: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port };
  const random = seededRandom(seed);
  const open = sourceOpener(kind, random);
  const sources = Array.from({ length: SOURCES }, open);
  const longestDue = Math.ceil(perSecond * LONGEST_CATCH_UP_MS / 1000);
  const startMs = performance.now();
  let [scheduled, sent, refused, turn, batches] = [0, 0, 0, 0, 0];
  let tookMs = 0;
  try {
    while (!stop.aborted && tookMs < forMs) {
      tookMs = Math.min(performance.now() - startMs, forMs);
      const planned = Math.floor(tookMs * perSecond / 1000);
      const due = Math.min(planned - scheduled, longestDue);
      scheduled = planned;
      const sends: Promise<unknown>[] = [];
      for (let i = 0; i < due; i++) {
        const { socket, next } = sources[turn++ % SOURCES]!;
        sends.push(socket.send(next(Date.now()), to).then(() => sent++, () => refused++));
      }
      await Promise.all(sends);
      // One source of each batch gives way to a new one, so that thousands come and go in a flood.
      const oldest = batches++ % SOURCES;
      sources[oldest]!.socket.close();
      sources[oldest] = open();
      const nextMs = (Math.floor(tookMs / BATCH_EVERY_MS) + 1) * BATCH_EVERY_MS;
      const delayMs = Math.max(0, startMs + nextMs - performance.now());
      await new Promise((resume) => setTimeout(resume, delayMs));
    }
  } finally {
    for (const { socket } of sources) socket.close();
  }
  return { kind, sent, refused, tookMs };
}

/** Opens sources on addresses and ports of their own. */
function sourceOpener(kind: FloodOrder["kind"], random: Random): () => Source {
  const pool = kind !== "garbage"
    ? []
    : Array.from({ length: GARBAGE_POOL }, () => garbage(random));
  let used = 0;
  return () => ({
    socket: bind(kind === "own_flood" ? neighbour(random) : loopbackAddress(random)),
    next: kind === "garbage" ? () => pool[used++ % pool.length]! : heartbeats(),
  });
}

function bind(hostname: string): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrNotAvailable)) throw error;
    // Only Linux has all of 127.0.0.0/8; elsewhere strangers differ by their ports.
    return Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  }
}

if (import.meta.main) await runProgram("flood", main);
