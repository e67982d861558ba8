/**
 * One direction of a bad network: the fate of each datagram that enters it.
 *
 * @module
 */

import type { LossModel } from "./loss.ts";
import type { Random } from "./random.ts";

/** How a link impairs datagrams; every member left out does nothing. */
export interface LinkOptions {
  /** Decides which datagrams are lost. */
  readonly loss?: LossModel | undefined;
  /** The shortest delay of a datagram, milliseconds. */
  readonly delayMs?: number | undefined;
  /** Draws the extra delay of each datagram; see {@linkcode exponentialJitter}. */
  readonly jitter?: Jitter | undefined;
  /** Share of datagrams that arrive twice, 0 to 1. */
  readonly duplicateShare?: number | undefined;
  /** Share of datagrams that later ones overtake, 0 to 1. */
  readonly reorderShare?: number | undefined;
  /** Extra delay of a datagram that later ones are to overtake, milliseconds. */
  readonly reorderDelayMs?: number | undefined;
  /** Share of datagrams that arrive with one byte changed, 0 to 1. */
  readonly corruptShare?: number | undefined;
}

/** One arrival of a datagram at the far end. */
export interface Arrival {
  /** When it arrives, on the clock of `carry`'s `nowMs`, milliseconds. */
  readonly atMs: number;
  /**
   * The changed byte: its position as a share of the length, and the number added to it, 1 to 255.
   */
  readonly corrupted?: { readonly position: number; readonly by: number };
}

/** Draws the extra delay of a datagram, milliseconds. */
export type Jitter = () => number;

/** Jitter with an exponential distribution, typical of a queue. */
export function exponentialJitter(meanMs: number, random: Random): Jitter {
  return () => -meanMs * Math.log(1 - random());
}

/** Jitter with a lognormal distribution, typical of long paths. */
export function lognormalJitter(medianMs: number, sigma: number, random: Random): Jitter {
  return () => {
    // One of the two normal numbers of the Box-Muller transform.
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return medianMs * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
  };
}

/**
 * A link. Like a queue, it keeps the order in which datagrams entered it, whatever their delays;
 * only those that it reorders are overtaken.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #random: Random;
  #lastArrivalMs = -Infinity;

  /** Makes a link; `random` draws everything but losses and jitter. */
  constructor(options: LinkOptions, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  /** Carries a datagram that enters at `nowMs`; returns its arrivals: none, one or two. */
  carry(nowMs: number): Arrival[] {
    const { loss, duplicateShare = 0 } = this.#options;
    if (loss?.()) return [];
    const arrival = this.#arrive(nowMs);
    const duplicated = duplicateShare > 0 && this.#random() < duplicateShare;
    return duplicated ? [arrival, this.#arrive(nowMs)] : [arrival];
  }

  #arrive(nowMs: number): Arrival {
    const { delayMs = 0, jitter, reorderShare = 0, reorderDelayMs = 0, corruptShare = 0 } =
      this.#options;
    let atMs = nowMs + delayMs + (jitter?.() ?? 0);
    if (reorderShare > 0 && this.#random() < reorderShare) {
      atMs += reorderDelayMs;
    } else {
      atMs = Math.max(atMs, this.#lastArrivalMs);
      this.#lastArrivalMs = atMs;
    }
    if (corruptShare === 0 || this.#random() >= corruptShare) return { atMs };
    return {
      atMs,
      corrupted: { position: this.#random(), by: 1 + Math.floor(this.#random() * 255) },
    };
  }
}
