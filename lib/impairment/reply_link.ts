/**
 * The bad network that a server can put between itself and its clients, for teaching and for tests.
 *
 * @module
 */

import { exponentialJitter, Link } from "./link.ts";
import { derivedRandom } from "./random.ts";

/** What happens to replies on their way out; all 0: nothing. */
export interface ReplyImpairment {
  /** How long each reply is held back, milliseconds. */
  readonly delayMs: number;
  /** Mean of the delay added to that, exponentially distributed, milliseconds. */
  readonly jitterMs: number;
  /** Share of replies that are sent twice, 0 to 1. */
  readonly duplicateShare: number;
  /** Share of replies that later ones overtake, 0 to 1. */
  readonly reorderShare: number;
}

/** Extra delay of a reply that later ones are to overtake, milliseconds. */
export const REORDER_DELAY_MS = 100;

/**
 * Makes the link that impairs replies; `undefined` where nothing happens to them.
 *
 * The link draws from random streams of its own, so that it doesn't change which heartbeats are
 * dropped.
 *
 * @param seed whole number, 0 to 2^32 - 1
 */
export function replyLink(impairment: ReplyImpairment, seed: number): Link | undefined {
  const { delayMs, jitterMs, duplicateShare, reorderShare } = impairment;
  if (delayMs + jitterMs + duplicateShare + reorderShare === 0) return undefined;
  const jitter = jitterMs === 0 ? undefined : exponentialJitter(jitterMs, derivedRandom(seed, 1));
  return new Link(
    { delayMs, jitter, duplicateShare, reorderShare, reorderDelayMs: REORDER_DELAY_MS },
    derivedRandom(seed, 2),
  );
}
