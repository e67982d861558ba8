/**
 * How far the server's clock is ahead, within bounds that hold on any path.
 *
 * A reply gives d = f + theta, where f is the delay forward and theta the offset of the server's
 * clock, and the round trip R = f + h + b, where h is the time for which the server held the
 * heartbeat and b the delay back. As neither delay can be negative,
 *
 * ```text
 * d - (R - h) <= theta <= d
 * ```
 *
 * with no assumption on symmetry. Each reply narrows the bounds. They widen with its age, because
 * two clocks drift apart, by 100 ppm at the worst. When the lower bound exceeds the upper one, a
 * clock has stepped.
 *
 * Between the bounds, the best guess lies halfway between two lines: the one below all d, which is
 * theta plus the smallest delay forward, and the one above all d - (R - h), which is theta less the
 * smallest delay back. Their mean slope is the drift. The guess is right if the smallest delays are
 * equal both ways (RFC 5905 section 8 assumes that of every sample); the bounds are right in any
 * case.
 *
 * @module
 */

import { HullLine, slopesBetween } from "./hull_line.ts";
import type { Interval } from "./interval.ts";

/** The fastest drift of two clocks against each other that the bounds allow for. */
export const MAX_DRIFT = 100e-6;

// The reply is rounded to 1 us, doubles of Unix seconds have steps of 0.24 us, and two clocks can't
// be read at the same moment.
const READING_ERROR_S = 10e-6;

/** The times of one reply, all in seconds. */
export interface ClockSample {
  /** When the heartbeat left, on a clock that never steps. */
  readonly atS: number;
  /** The server's receive time less the client's send time, by their wall clocks. */
  readonly timeDifferenceS: number;
  /** The round trip. */
  readonly rttS: number;
  /** How long the server held the heartbeat; 0 if it doesn't say. */
  readonly heldS: number;
}

/** The server's clock against the client's, at a moment. */
export interface ClockFigures {
  /** The best guess of how far the server's clock is ahead, seconds. */
  readonly offsetS: number;
  /** It is ahead by at least this, seconds. */
  readonly lowS: number;
  /** It is ahead by at most this, seconds. */
  readonly highS: number;
  /**
   * By how much it runs fast against the client's, parts per million; `undefined` before it is
   * known.
   */
  readonly driftPpm: number | undefined;
  /** Bounds of the drift, if it is the same all the time; `undefined` where it isn't. */
  readonly driftBoundsPpm: Interval | undefined;
  /** Steps of either clock so far. */
  readonly steps: number;
  /**
   * The smallest delay forward if the guess is right, as if both ways were alike, seconds. Its
   * error is that of the offset, with the opposite sign.
   */
  readonly forwardS: number;
  /** The smallest delay back if the guess is right, seconds. Its error is that of the offset. */
  readonly backwardS: number;
  /**
   * The smallest delay of either way is at most this, seconds, and may be 0: replies tell no more
   * of it without clocks that agree.
   */
  readonly mostOneWayS: number;
}

// With fewer replies, or in a shorter time, the noise of the delays hides the drift.
const MIN_SAMPLES_FOR_DRIFT = 50;
const MIN_SPAN_FOR_DRIFT_S = 60;

/** Learns from replies; they come in the order in which their heartbeats left, or nearly so. */
export class ClockOffset {
  #steps = 0;
  #count = 0;
  #startS = 0;
  #atS = 0;
  #lowS = -Infinity;
  #highS = Infinity;
  #shortestPathS = Infinity;
  #largestSlackS = 0;
  #lower = new HullLine();
  #upper = new HullLine();

  /**
   * Takes a reply in; returns whether it shows that a clock has stepped. What was learnt before the
   * step is then forgotten.
   */
  add(sample: ClockSample): boolean {
    const { timeDifferenceS, heldS } = sample;
    // A reply that was overtaken counts as if it came in order: that moves it by less than a round
    // trip, and the slack below allows for it.
    const atS = Math.max(sample.atS, this.#atS);
    const pathS = Math.max(0, sample.rttS - heldS);
    const slackS = READING_ERROR_S + MAX_DRIFT * (sample.rttS + (atS - sample.atS));
    const lowS = timeDifferenceS - pathS - slackS;
    const highS = timeDifferenceS + slackS;
    const known = this.#boundsAt(atS);
    const stepped = this.#count > 0 && Math.max(lowS, known.lowS) > Math.min(highS, known.highS);
    if (stepped) this.restart();
    if (this.#count === 0) this.#startS = atS;
    const before = stepped ? this.#boundsAt(atS) : known;
    this.#lowS = Math.max(lowS, before.lowS);
    this.#highS = Math.min(highS, before.highS);
    this.#shortestPathS = Math.min(this.#shortestPathS, pathS + slackS);
    this.#largestSlackS = Math.max(this.#largestSlackS, slackS);
    this.#atS = atS;
    this.#count++;
    this.#lower.add(atS - this.#startS, timeDifferenceS);
    this.#upper.add(atS - this.#startS, pathS - timeDifferenceS);
    return stepped;
  }

  /** Forgets the replies so far, because a clock is known to have stepped. */
  restart(): void {
    this.#steps++;
    this.#count = 0;
    this.#lowS = -Infinity;
    this.#highS = Infinity;
    this.#shortestPathS = Infinity;
    this.#largestSlackS = 0;
    this.#lower = new HullLine();
    this.#upper = new HullLine();
  }

  /**
   * The figures at a moment, which is not earlier than the last reply's; `undefined` before the
   * first reply.
   */
  figures(atS: number): ClockFigures | undefined {
    if (this.#count === 0) return undefined;
    const nowS = Math.max(atS, this.#atS);
    const { lowS, highS } = this.#boundsAt(nowS);
    const lower = this.#lower.line();
    const upper = this.#upper.line();
    const spanS = this.#atS - this.#startS;
    const driftKnown = this.#count >= MIN_SAMPLES_FOR_DRIFT && spanS >= MIN_SPAN_FOR_DRIFT_S;
    let belowS = highS;
    let aboveS = lowS;
    let driftPpm: number | undefined;
    let driftBoundsPpm: Interval | undefined;
    if (driftKnown && lower !== undefined && upper !== undefined) {
      const x = nowS - this.#startS;
      belowS = lower.intercept + lower.slope * x;
      aboveS = -(upper.intercept + upper.slope * x);
      driftBoundsPpm = this.#driftBoundsPpm();
      driftPpm = (lower.slope - upper.slope) / 2 * 1e6;
      if (driftBoundsPpm !== undefined) {
        driftPpm = Math.min(Math.max(driftPpm, driftBoundsPpm.low), driftBoundsPpm.high);
      }
    }
    const offsetS = Math.min(Math.max((belowS + aboveS) / 2, lowS), highS);
    return {
      offsetS,
      lowS,
      highS,
      driftPpm,
      driftBoundsPpm,
      steps: this.#steps,
      forwardS: Math.max(0, belowS - offsetS),
      backwardS: Math.max(0, offsetS - aboveS),
      // The reply that sets the upper bound of the offset had no more delay forward than lies
      // between the bounds; the one that sets the lower bound had no more delay back.
      mostOneWayS: Math.min(highS - lowS, this.#shortestPathS),
    };
  }

  /** The slopes of the lines that stay below all d and above all d - (R - h). */
  #driftBoundsPpm(): Interval | undefined {
    const { low, high } = slopesBetween(this.#lower, this.#upper, this.#largestSlackS);
    const bounds = {
      low: Math.max(low, -MAX_DRIFT) * 1e6,
      high: Math.min(high, MAX_DRIFT) * 1e6,
    };
    return bounds.low <= bounds.high ? bounds : undefined;
  }

  /** The bounds, each widened by how far the clocks may have drifted apart since the last reply. */
  #boundsAt(atS: number): { lowS: number; highS: number } {
    const drifted = MAX_DRIFT * Math.max(0, atS - this.#atS);
    return { lowS: this.#lowS - drifted, highS: this.#highS + drifted };
  }
}
