/**
 * Refuses heartbeats that somebody has recorded and sends again.
 *
 * @module
 */

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
  // A Map keeps the order of insertion: the run that was heard longest ago comes first.
  readonly #runs = new Map<string, Run>();
  #forgottenUpToS = -Infinity;

  /** Why a heartbeat of a run is refused at this time, Unix seconds; `undefined`: it is new, and now seen. */
  refuse(
    { seq, timeS }: Pick<Request, "seq" | "timeS">,
    run: string,
    nowS: number,
  ): ReplayFault | undefined {
    if (Math.abs(nowS - timeS) > REPLAY_WINDOW_S) return "stale";
    const known = this.#runs.get(run);
    if (known === undefined && timeS <= this.#forgottenUpToS) return "replayed";
    const { tally, newestTimeS } = known ?? { tally: new SequenceTally(), newestTimeS: timeS };
    this.#runs.delete(run);
    this.#runs.set(run, { tally, newestTimeS: Math.max(newestTimeS, timeS) });
    this.#makeRoom();
    return tally.add(seq) ? undefined : "replayed";
  }

  #makeRoom(): void {
    if (this.#runs.size <= MAX_RUNS) return;
    const [run, { newestTimeS }] = this.#runs.entries().next().value!;
    this.#runs.delete(run);
    this.#forgottenUpToS = Math.max(this.#forgottenUpToS, newestTimeS);
  }
}
