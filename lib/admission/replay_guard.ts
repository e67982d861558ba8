/**
 * Refuses heartbeats that somebody has recorded and sends again.
 *
 * @module
 */

import { Lru } from "../tables/lru.ts";
import { SequenceTally } from "../measure/sequence_tally.ts";
import type { Request } from "../wire/request.ts";
import { REPLAY_WINDOW_S } from "../wire/seal.ts";

/** The runs that are remembered at once: more than clients can have one heartbeat a second at the default rate. */
export const MAX_RUNS = 16_384;

/** Why an authentic heartbeat isn't taken: its time is too far off, or it was seen before. */
export type ReplayFault = "stale" | "replayed";

interface Run {
  readonly tally: SequenceTally;
  newestTimeS: number;
}

/**
 * Takes each authentic heartbeat once. A window for each run tells what was seen, as in IPsec (RFC 4303 section
 * 3.4.3); what is older than the window of time is refused anyway, so a run may be forgotten when its heartbeats
 * are that old. Where one must go sooner to make room, nothing of an unknown run is taken up to its last time.
 */
export class ReplayGuard {
  // Whoever has a place here has the key, and no reason to choose names that share a hash.
  readonly #runs = new Lru<Run>(MAX_RUNS, 0);
  #forgottenUpToS = -Infinity;

  /** Why a heartbeat of a run is refused at this time, Unix seconds; `undefined`: it is new, and now seen. */
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
