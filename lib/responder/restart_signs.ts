/**
 * Tells whether a client has started anew, which nothing in a heartbeat says.
 *
 * A client that starts anew begins with a low number and a later time. So does a heartbeat that was
 * overtaken while the client's clock was set back. Such a heartbeat is a sign only, and the next
 * ones decide: with a higher number and a later time after it, a new run has begun. A number that
 * goes on with the old run, and has no later time, shows that the sign belonged to the old one.
 *
 * A plain client may also start anew with a high number. There a jump is the sign, and a number
 * just above it confirms it (RFC 3550 appendix A.1).
 *
 * @module
 */

import type { Request } from "../wire/request.ts";

/** A number that is higher than the highest by this much is a jump (RFC 3550, MAX_DROPOUT). */
export const JUMP = 3000;

/** The most signs that wait for a decision; a further one pushes the oldest out. */
const MAX_SIGNS = 4;

/** The fields of a heartbeat that decide. */
export type SignFields = Pick<Request, "seq" | "timeS" | "checked">;

/** A heartbeat that may be the first of a new run. */
export interface Sign {
  /** Its number. */
  readonly seq: number;
  /** The client's wall clock when it left, Unix seconds. */
  readonly timeS: number;
  /** Whether its number is far above the highest, instead of below. */
  readonly jump: boolean;
  /** Whether it counts among the accepted heartbeats of its run. */
  readonly counted: boolean;
}

// Shared by all clients: most never have a sign, and a flood invents many clients.
const NONE: readonly Sign[] = [];

/** The signs that no later heartbeat has decided about yet. */
export class RestartSigns {
  #signs = NONE;

  /** How many signs wait. */
  get waiting(): number {
    return this.#signs.length;
  }

  /** Adds a sign; returns one that had to make room, and is none any more. */
  add(sign: Sign): Sign | undefined {
    const signs = [...this.#signs, sign];
    const oldest = signs.length > MAX_SIGNS ? signs.shift() : undefined;
    this.#signs = signs;
    return oldest;
  }

  /** Whether a heartbeat shows that the signs were right: a new run has begun. */
  confirmedBy(heartbeat: SignFields): boolean {
    return this.#signs.some((sign) => confirms(heartbeat, sign));
  }

  /**
   * Removes the signs that belong to the run that a heartbeat confirms, and those that don't, in
   * the order in which they came.
   */
  take(
    heartbeat: SignFields,
  ): { readonly ours: readonly Sign[]; readonly others: readonly Sign[] } {
    const confirmed = this.#signs.find((sign) => confirms(heartbeat, sign));
    const { jump } = confirmed ?? {};
    const belongs = (sign: Sign) => sign.jump === jump && (!jump || confirms(heartbeat, sign));
    const signs = this.takeAll();
    return {
      ours: signs.filter(belongs),
      others: signs.filter((sign) => !belongs(sign)),
    };
  }

  /** Removes all signs. */
  takeAll(): readonly Sign[] {
    const signs = this.#signs;
    this.#signs = NONE;
    return signs;
  }
}

/**
 * Whether a heartbeat may be the first of a new run.
 *
 * @param highest the highest number of the run so far
 * @param highestTimeS the time of that heartbeat, Unix seconds
 */
export function isSign(
  { seq, timeS, checked }: SignFields,
  highest: number,
  highestTimeS: number,
): boolean {
  if (seq < highest) return timeS > highestTimeS;
  // Our own client's numbers never jump: after a gap it has lost that many heartbeats.
  return !checked && seq - highest >= JUMP;
}

function confirms({ seq, timeS }: SignFields, sign: Sign): boolean {
  if (seq <= sign.seq) return false;
  return sign.jump ? seq - sign.seq < JUMP : timeS > sign.timeS;
}
