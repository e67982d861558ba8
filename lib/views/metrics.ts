/**
 * All metrics of a client.
 *
 * @module
 */

import type { BucketReading } from "../measure/bucket_counts.ts";
import { exposition, type Labelled, samplesOf, tableExposition } from "./exposition.ts";
import { PROGRAM_FAMILIES } from "./program_families.ts";
import { ROUND_TRIP_FAMILY, TARGET_FAMILIES } from "./target_families.ts";
import { targetLabels } from "./target_labels.ts";
import type { Watch, WatchedTarget } from "./watch.ts";
import { WATCH_FAMILIES } from "./watch_families.ts";

/** A fleet of more targets has no histograms of round trips: they would be most of the text. */
export const MOST_HISTOGRAMS = 1000;

/** So many targets are read at once: that takes a fifth of a millisecond. */
const READ_AT_ONCE = 64;

const WIDTH = samplesOf(TARGET_FAMILIES);

/** Writes metrics; keeps what it needs for that from one time to the next. */
export class MetricsWriter {
  /** Arrays that no writing uses now: each has room for the largest fleet so far. */
  readonly #spare: Float64Array[] = [];
  readonly #labels = new WeakMap<WatchedTarget, LabelText>();

  /**
   * Writes all metrics of a client, in pieces that are soon made: the caller does other things in
   * between. All figures of a target are of one moment, those of another may be of a later one.
   */
  *write(watch: Watch): Generator<string, void> {
    const { targets } = watch;
    const values = this.#valuesFor(targets.length);
    try {
      const labels: string[] = [];
      const roundTrips: Labelled<BucketReading>[] = [];
      for (const target of targets) {
        const vitals = target.vitals();
        let place = labels.length * WIDTH;
        for (const { samples } of TARGET_FAMILIES) {
          for (const { value } of samples) values[place++] = value(vitals) ?? NaN;
        }
        const text = this.#labelsOf(target);
        labels.push(text);
        if (targets.length <= MOST_HISTOGRAMS && vitals.shown !== undefined) {
          roundTrips.push({ labels: text, of: vitals.shown.roundTrips.read() });
        }
        if (labels.length % READ_AT_ONCE === 0) yield "";
      }
      yield* exposition(WATCH_FAMILIES, [{ labels: "", of: watch }]);
      yield* exposition(PROGRAM_FAMILIES, [{ labels: "", of: watch.program }]);
      yield* tableExposition(TARGET_FAMILIES, { labels, values });
      yield* exposition([ROUND_TRIP_FAMILY], roundTrips);
    } finally {
      this.#spare.push(values);
    }
  }

  #valuesFor(targets: number): Float64Array {
    const values = this.#spare.pop();
    return values !== undefined && values.length >= targets * WIDTH
      ? values
      : new Float64Array(targets * WIDTH);
  }

  /** The labels of a target, which a list that is read again may change. */
  #labelsOf(target: WatchedTarget): string {
    const { name, labels } = target;
    const known = this.#labels.get(target);
    if (known !== undefined && known.name === name && known.labels === labels) return known.text;
    const text = targetLabels(target);
    this.#labels.set(target, { name, labels, text });
    return text;
  }
}

/** The labels of a target as a text, and what they were made of. */
interface LabelText {
  readonly name: string;
  readonly labels: WatchedTarget["labels"];
  readonly text: string;
}
