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
import { isSign, RestartSigns, type Sign } from "./restart_signs.ts";

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
  /** Heartbeats that the network lost on the way out: gaps in the numbers. */
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
export type RecordedFields = Pick<Request, "seq" | "timeS" | "checked" | "run">;

/** The fate of a recorded heartbeat. */
export type RequestFate = "accepted" | "dropped" | "limited";

const LARGEST_CHANGE_MS = 1000;
const NOTHING = { unique: 0, duplicates: 0, reordered: 0, lost: 0 };

/** The record of one client. Its size is fixed, whatever the client sends. */
export class ClientRecord {
  readonly #pace = new ClientPace();
  readonly #jitter = new InterarrivalJitter();
  readonly #arrived = new SequenceTally();
  /** The accepted heartbeats of the client's run; stays empty for a plain client. */
  readonly #accepted = new SequenceTally();
  #run: string | undefined;
  /** The time of the run's highest number. */
  #newestTimeS = 0;
  readonly #signs = new RestartSigns();
  /** Whether the newest heartbeat is one of the run's accepted ones. */
  #counted = false;
  #before = NOTHING;
  #received = 0;
  #dropped = 0;
  #limited = 0;
  #restarts = 0;
  #lastHeardMs = 0;
  #lastTransitMs = 0;
  #silent = false;
  #moved = false;

  /**
   * When the client was last heard, on the clock that goes on while this machine sleeps,
   * milliseconds.
   */
  get lastHeardMs(): number {
    return this.#lastHeardMs;
  }

  /** Whether it has gone quiet. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Whether its run goes on from another address or port. */
  get moved(): boolean {
    return this.#moved;
  }

  /** Starts over, for another client. */
  reset(): void {
    this.#resetCounts();
    this.#pace.reset();
    this.#run = undefined;
    this.#newestTimeS = 0;
    this.#signs.takeAll();
    this.#counted = false;
    this.#before = NOTHING;
    this.#received = 0;
    this.#dropped = 0;
    this.#limited = 0;
    this.#restarts = 0;
    this.#lastHeardMs = 0;
    this.#lastTransitMs = 0;
    this.#silent = false;
    this.#moved = false;
  }

  /**
   * Adds a heartbeat.
   *
   * @param timeDifferenceS the server's receive time less the client's send time, seconds
   * @param nowMs on the clock that goes on while this machine sleeps
   * @returns whether the client had gone quiet
   */
  add(request: RecordedFields, timeDifferenceS: number, fate: RequestFate, nowMs: number): boolean {
    const wasSilent = this.#silent;
    this.#moved = false;
    const { seq, timeS, run, checked } = request;
    const counted = fate === "accepted" && (checked || run !== undefined);
    if (this.#received > 0 && run !== this.#run) this.#restart();
    this.#run = run;
    this.#received++;
    if (fate === "dropped") this.#dropped++;
    else if (fate === "limited") this.#limited++;
    this.#lastHeardMs = nowMs;
    this.#silent = false;
    if (run === undefined) this.#settleSigns(request);
    if (run === undefined && this.#isSign(request)) {
      const jump = seq > this.#arrived.highest;
      this.#dismiss(this.#signs.add({ seq, timeS, jump, counted }));
      this.#counted = false;
      return wasSilent;
    }
    this.#counted = counted;
    if (this.#arrive(seq, timeS, counted)) {
      this.#pace.add(seq, nowMs);
      const transitMs = timeDifferenceS * 1000;
      // A larger change comes from a clock step or a stalled process. It is no jitter of the path.
      const steady = Math.abs(transitMs - this.#lastTransitMs) < LARGEST_CHANGE_MS;
      if (this.#received === 1 || steady) this.#jitter.add(transitMs);
      else this.#jitter.rebase(transitMs);
      this.#lastTransitMs = transitMs;
    }
    return wasSilent;
  }

  /** The client's current run; `undefined` where it has no key. */
  get run(): string | undefined {
    return this.#run;
  }

  /**
   * The counts to report in the reply to the newest heartbeat; `undefined` for a plain one, and for
   * one that may be the first of a new run.
   */
  get count(): ServerCount | undefined {
    const { first, highest, different } = this.#accepted;
    if (!this.#counted || first === undefined) return undefined;
    return { received: different, first, highest };
  }

  /**
   * How long the client may be silent before it has gone quiet, milliseconds;
   * `undefined` before its second heartbeat.
   */
  get patienceMs(): number | undefined {
    return this.#pace.patienceMs;
  }

  /** The client has gone quiet. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** The client's run goes on elsewhere, so that its silence here is no news. */
  moveAway(): void {
    this.#silent = true;
    this.#moved = true;
  }

  /** The figures so far. */
  figures(): ClientFigures {
    const { different, copies, reordered, missing } = this.#arrived;
    return {
      received: this.#received,
      // While it isn't known which run they belong to, signs count as heartbeats of their own.
      unique: this.#before.unique + different + this.#signs.waiting,
      duplicates: this.#before.duplicates + copies,
      reordered: this.#before.reordered + reordered,
      lost: this.#before.lost + missing,
      dropped: this.#dropped,
      limited: this.#limited,
      restarts: this.#restarts,
      jitterMs: this.#jitter.value,
    };
  }

  #isSign(heartbeat: RecordedFields): boolean {
    const { first, highest } = this.#arrived;
    return first !== undefined && isSign(heartbeat, highest, this.#newestTimeS);
  }

  /** Decides about the signs that wait, if this heartbeat does. */
  #settleSigns(heartbeat: RecordedFields): void {
    if (this.#signs.waiting === 0) return;
    if (this.#signs.confirmedBy(heartbeat)) {
      const { ours, others } = this.#signs.take(heartbeat);
      for (const sign of others) this.#dismiss(sign);
      this.#restart();
      for (const { seq, timeS, counted } of ours) this.#arrive(seq, timeS, counted);
    } else if (heartbeat.seq > this.#arrived.highest && !this.#isSign(heartbeat)) {
      for (const sign of this.#signs.takeAll()) this.#dismiss(sign);
    }
  }

  /** A sign was none: a low number belongs to the run, and a high one to nothing. */
  #dismiss(sign: Sign | undefined): void {
    if (sign === undefined) return;
    if (sign.jump) this.#before = { ...this.#before, unique: this.#before.unique + 1 };
    else this.#arrive(sign.seq, sign.timeS, sign.counted);
  }

  /** Takes a heartbeat into the run; returns whether it is no copy. */
  #arrive(seq: number, timeS: number, counted: boolean): boolean {
    const isNew = this.#arrived.add(seq);
    if (this.#arrived.highest === seq) this.#newestTimeS = timeS;
    if (counted) this.#accepted.add(seq);
    return isNew;
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
