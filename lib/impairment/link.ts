/**
 * One direction of a bad network: what it does to each datagram that enters it.
 *
 * @module
 */

import type { LossModel } from "./loss.ts";
import type { Random } from "./random.ts";

/** What a link does besides carrying datagrams; every member left out does nothing. */
export interface LinkOptions {
  /** Which datagrams are lost. */
  readonly loss?: LossModel | undefined;
  /** How long a datagram takes at the least, milliseconds. */
  readonly delayMs?: number | undefined;
  /** How much longer it takes, milliseconds, drawn afresh for each datagram; see {@linkcode exponentialJitter}. */
  readonly jitter?: Jitter | undefined;
  /** Share of datagrams that arrive twice, 0 to 1. */
  readonly duplicateShare?: number | undefined;
  /** Share of datagrams that those behind them overtake, 0 to 1. */
  readonly reorderShare?: number | undefined;
  /** By how much an overtaken datagram is held back, milliseconds. */
  readonly reorderDelayMs?: number | undefined;
  /** Share of datagrams that arrive with one byte changed, 0 to 1. */
  readonly corruptShare?: number | undefined;
}

/** One arrival of a datagram at the far end. */
export interface Arrival {
  /** When it arrives, on the clock that the link was given, milliseconds. */
  readonly atMs: number;
  /** Where a byte was changed: a share of the datagram's length and what to add to that byte, 1 to 255. */
  readonly corrupted?: { readonly position: number; readonly by: number };
}

/** Extra delay of one datagram, milliseconds. */
export type Jitter = () => number;

/** Jitter with an exponential distribution, as a queue makes it. */
export function exponentialJitter(meanMs: number, random: Random): Jitter {
  return () => -meanMs * Math.log(1 - random());
}

/** Jitter with a lognormal distribution, as long paths show it. */
export function lognormalJitter(medianMs: number, sigma: number, random: Random): Jitter {
  return () => {
    // Box and Muller's transform, one of its two normal numbers.
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return medianMs * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
  };
}

/**
 * A link keeps the order in which datagrams entered it, as a queue does, however much they are delayed;
 * only those that it reorders are overtaken.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #random: Random;
  #lastArrivalMs = -Infinity;

  /** Makes a link whose accidents, but for its losses and jitter, are drawn from `random`. */
  constructor(options: LinkOptions, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  /** Takes a datagram in at `nowMs` and says when it arrives: not at all, once or twice. */
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
