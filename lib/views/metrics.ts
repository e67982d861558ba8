/**
 * All metrics of a client.
 *
 * @module
 */

import { exposition } from "./exposition.ts";
import { ROUND_TRIP_FAMILY, TARGET_FAMILIES } from "./target_families.ts";
import { readRows, type Watch } from "./watch.ts";
import { WATCH_FAMILIES } from "./watch_families.ts";

/** A fleet of more targets has no histograms of round trips: they would be most of the text. */
export const MOST_HISTOGRAMS = 1000;

/**
 * Writes all metrics of a client, in pieces that are soon made: the caller does other things in
 * between. All figures of a target are of one moment, those of another may be of a later one.
 */
export function* watchMetrics(watch: Watch): Generator<string, void> {
  const few = watch.targets.length <= MOST_HISTOGRAMS;
  const rows = yield* readRows(watch.targets, { labels: true, roundTrips: few });
  yield* exposition(WATCH_FAMILIES, [{ labels: "", of: watch }]);
  yield* exposition(TARGET_FAMILIES, rows);
  const counted = rows.flatMap(({ labels, roundTrips }) =>
    roundTrips === undefined ? [] : [{ labels, of: roundTrips }]
  );
  yield* exposition([ROUND_TRIP_FAMILY], counted);
}
