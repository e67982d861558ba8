/**
 * The last ten minutes of a path as a small picture.
 *
 * @module
 */

import type { Slot } from "../measure/slot_history.ts";
import { onRttScale } from "./rtt_scale.ts";
import { formatRoughMs } from "../text/units.ts";

/** The size of the picture, and of a slot in it. */
const [WIDTH, HEIGHT, SLOT] = [120, 24, 2];

/** Its lowest and highest line; losses have the room below. */
const [BOTTOM, TOP] = [15, 2];
const [LOSS_TOP, SMALLEST_LOSS] = [17, 2];

/** Draws medians as a line, and losses as bars below it. */
export function sparkSvg(slots: readonly Slot[]): string {
  const medians = slots.map(({ quantiles }) => quantiles?.[0]).filter((ms) => ms !== undefined);
  const lineY = (ms: number) => BOTTOM - Math.round((BOTTOM - TOP) * onRttScale(ms));
  return `<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
    `aria-label="${labelOf(slots, medians)}">` +
    `<path class="lost" d="${lossPath(slots)}"/>` +
    `<path class="line" d="${medianPath(slots, lineY)}"/></svg>`;
}

function leftOf({ age }: Slot): number {
  return WIDTH - SLOT * (age + 1);
}

function medianPath(slots: readonly Slot[], lineY: (ms: number) => number): string {
  let path = "";
  let ageBefore = -1;
  for (const slot of slots) {
    const median = slot.quantiles?.[0];
    if (median === undefined) continue;
    // What nothing is known of parts the line.
    const command = slot.age === ageBefore - 1 ? "L" : "M";
    path += `${command}${leftOf(slot)} ${lineY(median)}h${SLOT}`;
    ageBefore = slot.age;
  }
  return path;
}

function lossPath(slots: readonly Slot[]): string {
  return slots.filter(({ lost }) => lost > 0).map((slot) => {
    const share = slot.lost / (slot.received + slot.lost);
    const height = Math.max(SMALLEST_LOSS, Math.round((HEIGHT - LOSS_TOP) * share));
    return `M${leftOf(slot)} ${HEIGHT}h${SLOT}v-${height}h-${SLOT}z`;
  }).join("");
}

function labelOf(slots: readonly Slot[], medians: readonly number[]): string {
  if (slots.length === 0) return "nothing heard in the last ten minutes";
  const lossy = slots.filter(({ lost }) => lost > 0).length;
  const range = medians.length === 0
    ? "no round trip"
    : `round trips ${formatRoughMs(Math.min(...medians))} to ` +
      `${formatRoughMs(Math.max(...medians))} ms`;
  return `the last ten minutes: ${range}, losses in ${lossy} of ${slots.length} times ten seconds`;
}
