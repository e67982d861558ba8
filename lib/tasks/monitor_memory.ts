/**
 * How much memory a monitor holds, by the number of heartbeats that it has sent.
 *
 * @module
 */

import { derivedRandom, type Random } from "../impairment/random.ts";
import { type Departure, type Instant, isDeparture } from "../machine/machine.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { Monitor } from "../monitor/monitor.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { ReplyWriter } from "../wire/reply.ts";
import { decodeRequest } from "../wire/request.ts";
import { heldBytes } from "./held_bytes.ts";

/** Monitors of one kind, each of which sends a heartbeat a second. */
export interface MonitorMemoryTrial {
  /** How many monitors share the measurement: the more, the less the rest of the heap matters. */
  readonly monitors: number;
  /** How many values each distribution keeps exactly; left out: 100,000. */
  readonly exactValues?: number | undefined;
  /** After how many heartbeats the memory is read, in rising order. */
  readonly heartbeats: readonly number[];
}

/** A row of {@linkcode monitorMemory}. */
export interface MonitorMemory {
  /** Heartbeats that each monitor has sent. */
  readonly heartbeats: number;
  /** Memory that each holds, KB of 1,024 bytes. */
  readonly kilobytes: number;
}

/** Whether V8 collects garbage when it is asked: only with `--v8-flags=--expose-gc`. */
export function canCollectGarbage(): boolean {
  return "gc" in globalThis;
}

/**
 * Measures monitors on a path that loses, delays, reorders and duplicates replies.
 *
 * @throws {Error} if {@linkcode canCollectGarbage} is false
 */
export function monitorMemory(
  { monitors, exactValues, heartbeats }: MonitorMemoryTrial,
): MonitorMemory[] {
  if (!canCollectGarbage()) {
    throw new Error("Memory can be measured only with --v8-flags=--expose-gc");
  }
  const others = fleet(OTHERS, exactValues);
  for (const path of others) path.run(OTHERS_HEARTBEATS);
  const before = heldBytes();
  const paths = fleet(monitors, exactValues);
  const rows = heartbeats.map((count) => {
    for (const path of paths) path.run(count);
    return { heartbeats: count, kilobytes: (heldBytes() - before) / 1024 / monitors };
  });
  // They have to live up to here, or V8 would have dropped what it compiled for them.
  for (const path of others) path.run(OTHERS_HEARTBEATS + 1);
  return rows;
}

/** A header and two rows: a monitor as one target has it, and as each of many has it. */
export function memoryTable(): string[][] {
  const heartbeats = [0, 600, 3600, 86_400];
  // With fewer monitors, the rest of the heap would show; those with exact values are large.
  const kinds = [
    { name: "one target, 100,000 exact values", monitors: 10, exactValues: undefined },
    { name: "many targets, none", monitors: 50, exactValues: 0 },
  ];
  const rows = kinds.map(({ name, ...kind }) => {
    const row = monitorMemory({ ...kind, heartbeats });
    return [name, ...row.map(({ kilobytes }) => `${kilobytes.toFixed(0)} KB`)];
  });
  return [["memory of a monitor, heartbeats", ...heartbeats.map(String)], ...rows];
}

// V8 compiles code while the first monitors run: these do, so that it doesn't count for the others.
const [OTHERS, OTHERS_HEARTBEATS] = [10, 2000];

function fleet(monitors: number, exactValues: number | undefined): MonitoredPath[] {
  return Array.from({ length: monitors }, (_, i) => new MonitoredPath(i + 1, exactValues));
}

const INTERVAL_MS = 1000;
const [LOSS, LATE, DUPLICATED] = [0.05, 0.02, 0.01];
const REPLIES = new ReplyWriter();

/** One monitor, and the server and the path that it asks. */
class MonitoredPath {
  readonly #target: Endpoint = { hostname: "192.0.2.1", port: 12000 };
  readonly #random: Random;
  readonly #monitor: Monitor;
  #sent = 0;
  #received = 0;
  /** A reply that comes after the one to the next heartbeat. */
  #overtaken: Uint8Array<ArrayBuffer> | undefined;

  constructor(seed: number, exactValues: number | undefined) {
    this.#random = derivedRandom(seed, 1);
    this.#monitor = new Monitor({
      target: this.#target,
      count: 0,
      intervalMs: INTERVAL_MS,
      timeoutMs: INTERVAL_MS,
      maxLosses: 3,
      watch: true,
      exactValues,
    });
  }

  /** Runs until a number of heartbeats has been sent, and answered where the path lets it. */
  run(heartbeats: number): void {
    while (this.#sent < heartbeats) {
      const atMs = this.#sent++ * INTERVAL_MS;
      const departure = this.#monitor.advance(instant(atMs)).find(isDeparture)!;
      this.#answer(departure, atMs);
    }
  }

  #answer(departure: Departure<MonitorEvent>, atMs: number): void {
    const overtaken = this.#overtaken;
    this.#overtaken = undefined;
    const forwardMs = this.#delayMs();
    const backwardMs = this.#delayMs();
    const fate = this.#random();
    if (fate >= LOSS) {
      const reply = this.#reply(departure, atMs, forwardMs);
      if (fate < LOSS + LATE) {
        this.#overtaken = reply;
      } else {
        this.#deliver(reply, atMs + forwardMs + backwardMs);
        if (this.#random() < DUPLICATED) this.#deliver(reply, atMs + INTERVAL_MS / 2);
      }
    }
    if (overtaken !== undefined) this.#deliver(overtaken, atMs + INTERVAL_MS / 2);
  }

  #deliver(reply: Uint8Array<ArrayBuffer>, atMs: number): void {
    this.#monitor.receive(reply, this.#target, instant(atMs));
  }

  #reply(departure: Departure<MonitorEvent>, atMs: number, forwardMs: number) {
    this.#received++;
    const { bytes } = departure.leave(instant(atMs));
    const request = decodeRequest(bytes);
    if (typeof request === "string") throw new Error(`The heartbeat is ${request}`);
    // The server's clock is ahead, and runs 50 parts per million fast.
    const differenceS = (forwardMs + 10 + atMs * 50e-6) / 1000;
    const count = { received: this.#received, first: 1, highest: departure.seq };
    return REPLIES.write(bytes, request, differenceS, { echo: true, count, heldS: 0 }).slice();
  }

  /** At least 10 ms, and 15 ms in the mean. */
  #delayMs(): number {
    return 10 - 5 * Math.log(1 - this.#random());
  }
}

function instant(monotonicMs: number): Instant {
  return { monotonicMs, wallMs: 1_763_824_000_000 + monotonicMs };
}
