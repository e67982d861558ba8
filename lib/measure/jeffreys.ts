/**
 * How exactly counts of independent events tell a share.
 *
 * @module
 */

import { betaQuantile } from "./beta.ts";
import type { Interval } from "./interval.ts";

/**
 * The interval in which a share lies with 95% probability (Jeffreys; Brown, Cai and DasGupta,
 * "Interval estimation for a binomial proportion", 2001): the middle of Beta(hits + 1/2,
 * misses + 1/2). It takes events as independent.
 *
 * @param hits how many of the events had the property, 0 to `total`
 * @param total how many events there were, 1 or more
 */
export function jeffreysInterval(hits: number, total: number): Interval {
  const a = hits + 0.5;
  const b = total - hits + 0.5;
  return {
    low: hits === 0 ? 0 : betaQuantile(0.025, a, b),
    high: hits === total ? 1 : betaQuantile(0.975, a, b),
  };
}
