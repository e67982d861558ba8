/**
 * Refuses heartbeats that somebody recorded and sends again.
 *
 * @module
 */

import { Lru } from "../tables/lru.ts";
import { SequenceTally } from "../measure/sequence_tally.ts";
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
  readonly tally: SequenceTally;
  newestTimeS: number;
}

/**
 * Accepts each authentic heartbeat once.
 *
 * A window for each run holds the numbers seen, as in IPsec (RFC 4303 section 3.4.3). A run may be
 * forgotten once its heartbeats are older than {@linkcode REPLAY_WINDOW_S}, because they are then
 * refused as stale. If a run must be forgotten sooner, to make room, heartbeats of unknown runs are
 * refused up to the latest time of that run.
 */
export class ReplayGuard {
  // Only clients with the key get here, and they have no reason to choose names that share a hash.
  readonly #runs = new Lru<Run>(MAX_RUNS, 0);
  #forgottenUpToS = -Infinity;

  /**
   * Why a heartbeat of a run is refused; `undefined`: it is accepted, and from now on a replay.
   *
   * @param nowS the server's wall clock, Unix seconds
   */
  refuse(
    { seq, timeS }: Pick<Request, "seq" | "timeS">,
    run: string,
    nowS: number,
  ): ReplayFault | undefined {
    if (Math.abs(nowS - timeS) > REPLAY_WINDOW_S) return "stale";
    let known = this.#runs.use(run);
    if (known === undefined) {
      if (timeS <= this.#forgottenUpToS) return "replayed";
      const forgotten = this.#runs.makeRoom();
      this.#forgottenUpToS = Math.max(this.#forgottenUpToS, forgotten?.newestTimeS ?? -Infinity);
      known = { tally: new SequenceTally(), newestTimeS: timeS };
      this.#runs.add(run, known);
    }
    known.newestTimeS = Math.max(known.newestTimeS, timeS);
    return known.tally.add(seq) ? undefined : "replayed";
  }
}
