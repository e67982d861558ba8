/**
 * The last hour of a path as SmokePing draws it: the median of each minute, coloured by its loss,
 * in the smoke of its quantiles.
 *
 * @module
 */

import { BANDS } from "../measure/path_history.ts";
import type { Slot, SlotHistory } from "../measure/slot_history.ts";

/** The size of the picture, and of the field in it. */
const [WIDTH, HEIGHT] = [760, 250];
const FIELD = { left: 60, top: 12, width: 640, height: 198 };

const MINUTES = 60;
const SLOT = FIELD.width / MINUTES;

/** How much of a minute is lost, by classes, and what each is called. */
export const LOSS_CLASSES: readonly { readonly upTo: number; readonly words: string }[] = [
  { upTo: 0, words: "none lost" },
  { upTo: 0.05, words: "up to 5% lost" },
  { upTo: 0.2, words: "up to 20%" },
  { upTo: 0.5, words: "up to half" },
  { upTo: 1, words: "more" },
];

/** Pairs of quantiles that bands of smoke lie between, by their places in {@linkcode BANDS}. */
const SMOKE = [[0, 6], [1, 5], [2, 4]] as const;
const MEDIAN = BANDS.indexOf(0.5);

/** Draws the hour up to a moment, on the clock of the history. */
export function smokeSvg(history: SlotHistory, nowMs: number): string {
  const slots = history.read(nowMs);
  const mostMs = slots.some(({ quantiles }) => quantiles !== undefined)
    ? scaleOf(slots)
    : undefined;
  const y = (ms: number) =>
    round(FIELD.top + FIELD.height * (1 - Math.min(1, Math.max(0, ms / (mostMs ?? 1)))));
  return `<svg class="smoke" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
    'aria-label="round trips and losses of the last hour; the table below has the figures">' +
    axes(mostMs, y) + gone(slots) + smoke(slots, y) + medians(slots, y) + "</svg>";
}

/** The class of a slot's loss, as a place in {@linkcode LOSS_CLASSES}. */
export function lossClassOf({ received, lost }: Slot): number {
  const share = received + lost === 0 ? 0 : lost / (received + lost);
  return LOSS_CLASSES.findIndex(({ upTo }) => share <= upTo);
}

/** Up to where round trips are drawn, milliseconds: what is rarer is cut off. */
function scaleOf(slots: readonly Slot[]): number {
  const tops = slots.flatMap(({ quantiles }) => quantiles === undefined ? [] : [quantiles[5]!]);
  const medianTops = slots.flatMap(({ quantiles }) =>
    quantiles === undefined ? [] : [quantiles[3]!]
  );
  const wanted = Math.max(0.01, 1.3 * Math.max(0, ...tops), 1.5 * Math.max(0, ...medianTops));
  return stepOf(wanted / 4) * Math.ceil(wanted / stepOf(wanted / 4));
}

/** A round number that is no smaller: 1, 2 or 5 times a power of ten. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least * 0.999)!;
}

/** @param mostMs up to where the scale goes; `undefined`: there is nothing to scale */
function axes(mostMs: number | undefined, y: (ms: number) => number): string {
  const right = FIELD.left + FIELD.width;
  const bottom = FIELD.top + FIELD.height;
  let text = mostMs === undefined
    ? `<text x="${FIELD.left + 12}" y="${FIELD.top + 20}">no round trip in the last hour</text>`
    : ticks(mostMs, y, right);
  for (const minutes of [60, 45, 30, 15, 0]) {
    const x = round(right - minutes * SLOT);
    const anchor = minutes === 0 ? "end" : minutes === 60 ? "start" : "middle";
    const words = minutes === 0 ? "now" : `${minutes} min ago`;
    text += `<path class="grid" d="M${x} ${FIELD.top}V${bottom + 4}"/>` +
      `<text x="${x}" y="${bottom + 20}" text-anchor="${anchor}">${words}</text>`;
  }
  return text;
}

/** Lines across, with their milliseconds at both ends: a phone shows only one of them. */
function ticks(mostMs: number, y: (ms: number) => number, right: number): string {
  const step = stepOf(mostMs / 5);
  let text = "";
  for (let ms = 0; ms <= mostMs * 1.001; ms += step) {
    const [words, at] = [`${tickText(ms)} ms`, y(ms) + 4];
    text += `<path class="grid" d="M${FIELD.left} ${y(ms)}H${right}"/>` +
      `<text x="${FIELD.left - 6}" y="${at}" text-anchor="end">${words}</text>` +
      `<text x="${right + 6}" y="${at}">${words}</text>`;
  }
  return text;
}

function tickText(ms: number): string {
  return String(Number(ms.toPrecision(3)));
}

function leftOf({ age }: Slot): number {
  return round(FIELD.left + FIELD.width - SLOT * (age + 1));
}

/** Minutes in which nothing was answered, and those that say nothing. */
function gone(slots: readonly Slot[]): string {
  const bars = (name: string, chosen: readonly Slot[]) =>
    chosen.length === 0
      ? ""
      : `<path class="${name}" d="${
        chosen.map((slot) => column(leftOf(slot), FIELD.top, FIELD.height)).join("")
      }"/>`;
  const silent = slots.filter(({ quantiles }) => quantiles === undefined);
  return bars("gone", silent.filter(({ lost }) => lost > 0)) +
    bars("unasked", silent.filter(({ lost }) => lost === 0));
}

function smoke(slots: readonly Slot[], y: (ms: number) => number): string {
  return SMOKE.map(([low, high]) => {
    const path = slots.map((slot) => {
      if (slot.quantiles === undefined) return "";
      const top = y(slot.quantiles[high]!);
      return column(leftOf(slot), top, round(y(slot.quantiles[low]!) - top));
    });
    return `<path class="band" d="${path.join("")}"/>`;
  }).join("");
}

function medians(slots: readonly Slot[], y: (ms: number) => number): string {
  return LOSS_CLASSES.map((_, place) => {
    const path = slots
      .filter((slot) => slot.quantiles !== undefined && lossClassOf(slot) === place)
      .map((slot) => column(leftOf(slot), round(y(slot.quantiles![MEDIAN]!) - 1.5), 3));
    return path.length === 0 ? "" : `<path class="loss${place}" d="${path.join("")}"/>`;
  }).join("");
}

function column(x: number, top: number, height: number): string {
  return `M${x} ${top}h${round(SLOT)}v${height}h-${round(SLOT)}z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
