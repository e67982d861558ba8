/**
 * What the server knows about one client.
 *
 * @module
 */

import { InterarrivalJitter } from "../measure/interarrival_jitter.ts";
import { SequenceTally } from "../measure/sequence_tally.ts";
import type { ServerCount } from "../wire/reply.ts";
import type { Request } from "../wire/request.ts";
import { ClientPace } from "./client_pace.ts";

/** The figures of one client. */
export interface ClientFigures {
  /** Heartbeats received, copies included. */
  readonly received: number;
  /** Different heartbeats received. */
  readonly unique: number;
  /** Copies of heartbeats. */
  readonly duplicates: number;
  /** Heartbeats that came after a higher-numbered one. */
  readonly reordered: number;
  /** Heartbeats that the network lost on the way here: gaps in the numbers. */
  readonly lost: number;
  /** Heartbeats that this server dropped on purpose. */
  readonly dropped: number;
  /** Heartbeats that were not answered because they exceeded a limit. */
  readonly limited: number;
  /** How often the client has restarted. */
  readonly restarts: number;
  /** Interarrival jitter, milliseconds (RFC 3550); `undefined` before the second heartbeat. */
  readonly jitterMs: number | undefined;
}

/** The fields of a heartbeat that a record uses. */
export type RecordedFields = Pick<Request, "seq" | "timeS" | "run">;

/** The fate of a recorded heartbeat. */
export type RequestFate = "accepted" | "dropped" | "limited";

const LARGEST_CHANGE_MS = 1000;
const NOTHING = { unique: 0, duplicates: 0, reordered: 0, lost: 0 };

/** The record of one client. Its size is fixed, whatever the client sends. */
export class ClientRecord {
  readonly #pace = new ClientPace();
  readonly #jitter = new InterarrivalJitter();
  readonly #arrived = new SequenceTally();
  /** The accepted heartbeats of the client's run; stays empty for a client that names no run. */
  readonly #accepted = new SequenceTally();
  #run: string | undefined;
  #newestTimeS = 0;
  #before = NOTHING;
  #received = 0;
  #dropped = 0;
  #limited = 0;
  #restarts = 0;
  #lastHeardMs = 0;
  #lastTransitMs = 0;
  #silent = false;

  /** When the client was last heard, on the monotonic clock, milliseconds. */
  get lastHeardMs(): number {
    return this.#lastHeardMs;
  }

  /** Whether it is assumed to have stopped. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Starts over, for another client. */
  reset(): void {
    this.#resetCounts();
    this.#pace.reset();
    this.#run = undefined;
    this.#newestTimeS = 0;
    this.#before = NOTHING;
    this.#received = 0;
    this.#dropped = 0;
    this.#limited = 0;
    this.#restarts = 0;
    this.#lastHeardMs = 0;
    this.#lastTransitMs = 0;
    this.#silent = false;
  }

  /**
   * Adds a heartbeat.
   *
   * @param timeDifferenceS the server's receive time less the client's send time, seconds
   * @param nowMs on the monotonic clock
   * @returns whether the client was assumed to have stopped
   */
  add(request: RecordedFields, timeDifferenceS: number, fate: RequestFate, nowMs: number): boolean {
    const wasSilent = this.#silent;
    if (this.#hasRestarted(request)) this.#restart();
    this.#run = request.run;
    this.#received++;
    const isNew = this.#arrived.add(request.seq);
    if (isNew) {
      this.#pace.add(request.seq, nowMs);
      const transitMs = timeDifferenceS * 1000;
      // A larger change comes from a clock step or a stalled process. It is no jitter of the path.
      const steady = Math.abs(transitMs - this.#lastTransitMs) < LARGEST_CHANGE_MS;
      if (this.#received === 1 || steady) this.#jitter.add(transitMs);
      else this.#jitter.rebase(transitMs);
      this.#lastTransitMs = transitMs;
    }
    if (this.#arrived.highest === request.seq) this.#newestTimeS = request.timeS;
    if (fate === "dropped") this.#dropped++;
    else if (fate === "limited") this.#limited++;
    else if (request.run !== undefined) this.#accepted.add(request.seq);
    this.#lastHeardMs = nowMs;
    this.#silent = false;
    return wasSilent;
  }

  /** The client's current run; `undefined` where it doesn't name its runs. */
  get run(): string | undefined {
    return this.#run;
  }

  /** The counts to report to the client; at least one heartbeat of its run must be accepted. */
  count(heldS: number): ServerCount {
    const { first = 0, highest, different } = this.#accepted;
    return { received: different, first, highest, heldS };
  }

  /**
   * How long the client may be silent before it is assumed to have stopped, milliseconds;
   * `undefined` before its second heartbeat.
   */
  get patienceMs(): number | undefined {
    return this.#pace.patienceMs;
  }

  /** Marks the client as stopped. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** The figures so far. */
  figures(): ClientFigures {
    const { different, copies, reordered, missing } = this.#arrived;
    return {
      received: this.#received,
      unique: this.#before.unique + different,
      duplicates: this.#before.duplicates + copies,
      reordered: this.#before.reordered + reordered,
      lost: this.#before.lost + missing,
      dropped: this.#dropped,
      limited: this.#limited,
      restarts: this.#restarts,
      jitterMs: this.#jitter.value,
    };
  }

  /**
   * A new run has another name. A client without names sends a later time, but no higher number.
   */
  #hasRestarted({ run, seq, timeS }: RecordedFields): boolean {
    if (this.#received === 0) return false;
    if (run !== this.#run) return true;
    return run === undefined && seq <= this.#arrived.highest && timeS > this.#newestTimeS;
  }

  #restart(): void {
    const { unique, duplicates, reordered, lost } = this.figures();
    this.#before = { unique, duplicates, reordered, lost };
    this.#restarts++;
    this.#resetCounts();
    this.#pace.restart();
  }

  #resetCounts(): void {
    this.#arrived.reset();
    this.#accepted.reset();
    this.#jitter.reset();
  }
}
