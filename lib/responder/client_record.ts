/**
 * What the server knows of one client.
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
  /** Heartbeats that were not answered because there were too many. */
  readonly limited: number;
  /** How often the client has started anew. */
  readonly restarts: number;
  /** Interarrival jitter of the way here, milliseconds (RFC 3550); `undefined` before the second heartbeat. */
  readonly jitterMs: number | undefined;
}

/** What the books want to know of a heartbeat. */
export type Heard = Pick<Request, "seq" | "timeS" | "run">;

/** What becomes of a heartbeat that the books take in. */
export type RequestFate = "accepted" | "dropped" | "limited";

const LARGEST_CHANGE_MS = 1000;
const NOTHING = { unique: 0, duplicates: 0, reordered: 0, lost: 0 };

/** The books on one client: everything is bounded, whatever it sends. */
export class ClientRecord {
  readonly #pace = new ClientPace();
  readonly #jitter = new InterarrivalJitter();
  readonly #arrived = new SequenceTally();
  /** What was accepted of the client's run, to be told to it; nothing of one that doesn't name its runs. */
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

  /** When the client was last heard, on the monotonic clock. */
  get lastHeardMs(): number {
    return this.#lastHeardMs;
  }

  /** Whether it is assumed to have stopped. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Begins anew, for another client. */
  reset(): void {
    this.#countAnew();
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
   * Takes a heartbeat in.
   *
   * @param fate whether it is answered, dropped on purpose, or over the limit
   * @returns whether the client was assumed to have stopped
   */
  add(request: Heard, timeDifferenceS: number, fate: RequestFate, nowMs: number): boolean {
    const wasSilent = this.#silent;
    if (this.#hasRestarted(request)) this.#restart();
    this.#run = request.run;
    this.#received++;
    const isNew = this.#arrived.add(request.seq);
    if (isNew) {
      this.#pace.add(request.seq, nowMs);
      const transitMs = timeDifferenceS * 1000;
      // What changes by more is a clock, or a standstill, and no jitter of a path.
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

  /** What the client is told of the heartbeats of this run, of which at least one was accepted. */
  count(heldS: number): ServerCount {
    const { first = 0, highest, different } = this.#accepted;
    return { received: different, first, highest, heldS };
  }

  /**
   * How long the client may be silent before it is assumed to have stopped, milliseconds; `undefined` while its
   * pace isn't known.
   */
  get patienceMs(): number | undefined {
    return this.#pace.patienceMs;
  }

  /** Writes down that it is assumed to have stopped. */
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

  /** A new run says so by its name; a plain client by a later time with a number that is not higher. */
  #hasRestarted({ run, seq, timeS }: Heard): boolean {
    if (this.#received === 0) return false;
    if (run !== this.#run) return true;
    return run === undefined && seq <= this.#arrived.highest && timeS > this.#newestTimeS;
  }

  #restart(): void {
    const { unique, duplicates, reordered, lost } = this.figures();
    this.#before = { unique, duplicates, reordered, lost };
    this.#restarts++;
    this.#countAnew();
    this.#pace.restart();
  }

  #countAnew(): void {
    this.#arrived.reset();
    this.#accepted.reset();
    this.#jitter.reset();
  }
}
