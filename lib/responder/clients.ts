/**
 * The server's clients: a record of each, and which of them have gone quiet or moved.
 *
 * @module
 */

import { Lru } from "../tables/lru.ts";
import { type Endpoint, sameEndpoint } from "../wire/endpoint.ts";
import { ClientRecord, type RequestFate } from "./client_record.ts";
import { ClientTable, MAX_CLIENTS } from "./client_table.ts";
import type { ClientMovedEvent, ClientStateEvent, ClientSummary } from "./events.ts";
import type { Heartbeat } from "./heartbeat.ts";

/** How often to look for silent clients, milliseconds. */
const SWEEP_EVERY_MS = 1000;

/** So many summaries are made at once: that takes a fifth of a millisecond. */
const CLIENTS_AT_ONCE = 64;

interface Client {
  endpoint: Endpoint;
  readonly record: ClientRecord;
}

/**
 * The clients of one server. All times are on the clock that goes on while this machine sleeps
 * (`machine/own_machine.ts`).
 */
export class Clients {
  readonly #table: ClientTable<Client>;
  /** Where each run with a key was last heard from. */
  readonly #runs: Lru<{ endpoint: Endpoint }>;
  readonly #timeoutMs: number | undefined;
  #sweepAtMs = Infinity;

  /**
   * Makes the clients of a server that has none yet.
   *
   * @param timeoutMs silence after which a client has gone quiet; `undefined`: see `client_pace.ts`
   * @param hashSeed 0 to 2^32 - 1, unknown to strangers
   */
  constructor(timeoutMs: number | undefined, hashSeed: number) {
    this.#timeoutMs = timeoutMs;
    this.#table = new ClientTable(hashSeed);
    this.#runs = new Lru(MAX_CLIENTS, hashSeed);
  }

  /** The number of clients added; one that was forgotten and came back counts twice. */
  get added(): number {
    return this.#table.added;
  }

  /** The number of clients removed to make room for others. */
  get forgotten(): number {
    return this.#table.forgotten;
  }

  /** When to look for silent clients, milliseconds; `Infinity`: never. */
  get sweepAtMs(): number {
    return this.#sweepAtMs;
  }

  /** The record of a client, a new one where it is unknown. */
  recordOf(from: Endpoint): ClientRecord {
    return this.#table.use(from, newClient).record;
  }

  /** The record of a known client. */
  find(from: Endpoint): ClientRecord | undefined {
    return this.#table.find(from)?.record;
  }

  /**
   * Adds a heartbeat to the record of its client.
   *
   * @returns the news that the client is back, or goes on from another endpoint
   */
  add(
    record: ClientRecord,
    { request, from, timeDifferenceS }: Heartbeat,
    fate: RequestFate,
    nowMs: number,
  ): ClientStateEvent | ClientMovedEvent | undefined {
    const silentMs = nowMs - record.lastHeardMs;
    if (this.#sweepAtMs === Infinity) this.#sweepAtMs = nowMs + SWEEP_EVERY_MS;
    const wasSilent = record.add(request, timeDifferenceS, fate, nowMs);
    const moved = request.run === undefined ? undefined : this.#follow(request.run, from);
    if (moved !== undefined) return moved;
    return wasSilent ? { type: "client_state", client: from, to: "up", silentMs } : undefined;
  }

  /** Finds out whether a run comes from another endpoint than before. */
  #follow(run: string, client: Endpoint): ClientMovedEvent | undefined {
    const known = this.#runs.use(run);
    if (known === undefined) {
      this.#runs.makeRoom();
      this.#runs.add(run, { endpoint: client });
      return undefined;
    }
    const { endpoint: from } = known;
    if (sameEndpoint(from, client)) return undefined;
    known.endpoint = client;
    const left = this.find(from);
    // Another run may come from there by now.
    if (left?.run === run) left.moveAway();
    return { type: "client_moved", client, from };
  }

  /**
   * Finds the clients that have been silent for too long.
   *
   * @param awakeSinceMs since when this machine has missed nothing: what it didn't hear before is
   * no silence
   */
  sweep(nowMs: number, awakeSinceMs = -Infinity): ClientStateEvent[] {
    const stopped: ClientStateEvent[] = [];
    if (nowMs < this.#sweepAtMs) return stopped;
    let anyoneSpeaks = false;
    for (const { endpoint, record } of this.#table) {
      if (record.silent) continue;
      const ownPatienceMs = record.patienceMs;
      const patienceMs = this.#timeoutMs ?? ownPatienceMs;
      // A source that sent a single heartbeat is no client that could stop.
      if (patienceMs === undefined || ownPatienceMs === undefined) continue;
      const silentMs = nowMs - Math.max(record.lastHeardMs, awakeSinceMs);
      if (silentMs < patienceMs) {
        anyoneSpeaks = true;
      } else {
        record.fallSilent();
        stopped.push({ type: "client_state", client: endpoint, to: "down", silentMs });
      }
    }
    this.#sweepAtMs = anyoneSpeaks ? nowMs + SWEEP_EVERY_MS : Infinity;
    return stopped;
  }

  /** The figures of all clients, the busiest first. */
  summaries(nowMs: number): ClientSummary[] {
    const steps = this.summariesInSteps(nowMs);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /** The same, some clients at a time: of 4,096 it takes 10 ms in all. */
  *summariesInSteps(nowMs: number): Generator<string, ClientSummary[]> {
    const summaries: ClientSummary[] = [];
    for (const { endpoint, record } of [...this.#table]) {
      summaries.push({
        client: endpoint,
        stopped: record.silent && !record.moved,
        moved: record.moved,
        // It may have been heard while others were summed up.
        silentMs: Math.max(0, nowMs - record.lastHeardMs),
        ...record.figures(),
      });
      if (summaries.length % CLIENTS_AT_ONCE === 0) yield "";
    }
    return summaries.sort((a, b) => b.received - a.received);
  }
}

function newClient({ hostname, port }: Endpoint, forgotten: Client | undefined): Client {
  // Copied, because the socket's own endpoint objects take several times the memory.
  const endpoint = { hostname, port };
  if (forgotten === undefined) return { endpoint, record: new ClientRecord() };
  forgotten.endpoint = endpoint;
  forgotten.record.reset();
  return forgotten;
}
