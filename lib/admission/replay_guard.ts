/**
 * Refuses heartbeats that somebody recorded and sends again.
 *
 * @module
 */

import { DueQueue } from "../tables/due_queue.ts";
import { Lru } from "../tables/lru.ts";
import { SequenceTally } from "../measure/sequence_tally.ts";
import { type Endpoint, sameEndpoint } from "../wire/endpoint.ts";
import type { Request } from "../wire/request.ts";
import { REPLAY_WINDOW_S } from "../wire/seal.ts";

/**
 * The most runs remembered at once: more than the default total rate serves at one heartbeat per
 * second.
 */
export const MAX_RUNS = 16_384;

/** Why an authentic heartbeat is refused: its time is too far off, or it was seen before. */
export type ReplayFault = "stale" | "replayed";

interface Run {
  readonly name: string;
  readonly tally: SequenceTally;
  newestTimeS: number;
  /** The endpoint that its heartbeats come from, and the highest number that came from there. */
  home: Endpoint;
  homeSeq: number;
  /** The latest numbers that were taken from elsewhere. */
  strayed: number[];
}

/** Numbers that were taken from elsewhere are remembered, so many of each run. */
const MOST_STRAYED = 16;

/** After this many numbers without one from its home, a run has moved. */
const MOVED_AFTER = 4;

/**
 * Accepts each authentic heartbeat once; and once more, from the endpoint that the run's heartbeats
 * come from, if it was first taken from elsewhere: whoever can read the path may send a copy that
 * comes first, and the reply to that goes to him.
 *
 * A window for each run holds the numbers seen, as in IPsec (RFC 4303 section 3.4.3). A run may be
 * forgotten once its heartbeats are older than {@linkcode REPLAY_WINDOW_S}, because they are then
 * refused as stale. If a run must be forgotten sooner, to make room, heartbeats of unknown runs are
 * refused up to the latest time of that run. So it is the run whose latest time is the earliest:
 * one whose clock is ahead of this machine's would make all new runs wait.
 */
export class ReplayGuard {
  // Only clients with the key get here, and they have no reason to choose names that share a hash.
  readonly #runs = new Lru<Run>(MAX_RUNS, 0);
  /** Every run once, by a latest time that it had: it may have a later one by now. */
  readonly #byTime = new DueQueue<Run>();
  #forgottenUpToS = -Infinity;

  /**
   * Why a heartbeat of a run is refused; `undefined`: it is accepted, and from now on a replay.
   *
   * @param from where it came from
   * @param nowS the server's wall clock, Unix seconds
   */
  refuse(
    { seq, timeS }: Pick<Request, "seq" | "timeS">,
    run: string,
    from: Endpoint,
    nowS: number,
  ): ReplayFault | undefined {
    if (Math.abs(nowS - timeS) > REPLAY_WINDOW_S) return "stale";
    let known = this.#runs.find(run);
    if (known === undefined) {
      if (timeS <= this.#forgottenUpToS) return "replayed";
      if (this.#runs.size === MAX_RUNS) this.#forgetOne();
      const home = { hostname: from.hostname, port: from.port };
      const tally = new SequenceTally();
      known = { name: run, tally, newestTimeS: timeS, home, homeSeq: seq, strayed: [] };
      this.#runs.add(run, known);
      this.#byTime.add(timeS * 1000, known);
    }
    known.newestTimeS = Math.max(known.newestTimeS, timeS);
    const isNew = known.tally.add(seq);
    return isNew || wasStolen(known, seq, from) ? keep(known, seq, from, isNew) : "replayed";
  }

  #forgetOne(): void {
    for (;;) {
      const { nextAtMs } = this.#byTime;
      const run = this.#byTime.take()!;
      if (run.newestTimeS * 1000 <= nextAtMs) {
        this.#runs.remove(run.name);
        // No run that is left, and none that comes, has an earlier one: it only grows.
        this.#forgottenUpToS = run.newestTimeS;
        return;
      }
      this.#byTime.add(run.newestTimeS * 1000, run);
    }
  }
}

/** Whether a number that was taken before went to another endpoint than its run's. */
function wasStolen({ home, strayed }: Run, seq: number, from: Endpoint): boolean {
  return sameEndpoint(home, from) && strayed.includes(seq);
}

/** Takes note of where a heartbeat that is accepted came from. */
function keep(run: Run, seq: number, from: Endpoint, isNew: boolean): undefined {
  if (sameEndpoint(run.home, from)) {
    run.homeSeq = Math.max(run.homeSeq, seq);
    run.strayed = isNew ? run.strayed : run.strayed.filter((other) => other !== seq);
  } else if (seq - run.homeSeq >= MOVED_AFTER) {
    run.home = { hostname: from.hostname, port: from.port };
    [run.homeSeq, run.strayed] = [seq, []];
  } else {
    run.strayed = [...run.strayed, seq].slice(-MOST_STRAYED);
  }
}
