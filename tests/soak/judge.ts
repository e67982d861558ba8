/**
 * Whether the client was right: what it said of the server, held against when the server was really
 * down.
 *
 * @module
 */

import { DOWN_INTERVAL_MS } from "../../lib/monitor/send_timing.ts";
import { RECOVER_REPLIES } from "../../lib/detect/consecutive_losses.ts";
import { INTERVAL_MS, MAX_LOSSES, TIMEOUT_MS } from "./setup.ts";

/** A change of the client's mind, as its JSON tells it. */
export interface StateEvent {
  /** When, Unix milliseconds. */
  readonly atMs: number;
  /** What it took the server for before: `unknown`, `up`, `suspect` or `down`. */
  readonly from: string;
  /** What it takes it for now. */
  readonly to: string;
}

/** A time in which the server was really down. */
export interface Outage {
  /** When it was sent the signal, Unix milliseconds. */
  readonly fromMs: number;
  /** When it listened again, or the soak ended, Unix milliseconds. */
  readonly toMs: number;
}

/** What the client said, and what was true. */
export interface Observation {
  /** When the client was started, the server being up, Unix milliseconds. */
  readonly fromMs: number;
  /** When the soak ended, Unix milliseconds. */
  readonly untilMs: number;
  /** What the client said, in order. */
  readonly states: readonly StateEvent[];
  /** When the server was down, in order. */
  readonly outages: readonly Outage[];
}

/** Something that the client said and should not have, or should have said and didn't. */
export interface Fault {
  /** `wrong`: said and not true; `missed`: true and not said in time. */
  readonly fault: "wrong" | "missed";
  /** What it is about. */
  readonly verdict: "down" | "up";
  /** When it was said, or became true, Unix milliseconds. */
  readonly atMs: number;
}

/** How right the client was. */
export interface Judgement {
  /** Verdicts that were true: down, up for the first time, up again. */
  readonly right: number;
  /** Verdicts that were not. */
  readonly wrong: number;
  /** Stops and returns of the server that the client did not tell in time. */
  readonly missed: number;
  /** Those that are wrong or missed, one by one. */
  readonly faults: readonly Fault[];
}

/** Losses by what the server was when their heartbeats left. */
export interface LossesByTruth {
  /** The server was up, and should have answered. */
  readonly whileUp: number;
  /** The server was down, and could not. */
  readonly whileDown: number;
}

/**
 * By how much a busy machine may delay the client. When its timer is late by half its timeout, what
 * was in flight doesn't count against the server, and the verdict waits for another interval and
 * timeout: time for three of these.
 */
const LATENESS_MS = 3 * (INTERVAL_MS + TIMEOUT_MS);

/**
 * How long a stop may go unnoticed: until the rule's losses have left, and the last has timed out.
 */
export const DETECTION_MS: number = MAX_LOSSES * INTERVAL_MS + TIMEOUT_MS + LATENESS_MS;

/**
 * How long a return may go unnoticed: until a server that is asked this often has answered in a
 * row.
 */
export const RECOVERY_MS: number = RECOVER_REPLIES * DOWN_INTERVAL_MS + LATENESS_MS;

/**
 * A reply that left before the server stopped may be read so long after: then it is too late to
 * count.
 */
export const IN_FLIGHT_MS: number = TIMEOUT_MS;

/**
 * A heartbeat that left so long before a stop may have died with the server: it waited in a buffer,
 * which a flood fills and which holds some tens of milliseconds of it.
 */
export const BEFORE_STOP_MS = 50;

/** Judges each verdict of the client, and finds those that it should have given. */
export function judgeVerdicts({ fromMs, untilMs, states, outages }: Observation): Judgement {
  // A suspicion is no verdict.
  const verdicts = states.filter(({ to }) => to === "down" || to === "up");
  const wrong = verdicts.filter((verdict) => !isTrue(verdict, outages));
  // The end of a suspicion must be true, too, but only says again what was said before.
  const right = verdicts.filter((verdict) => verdict.from !== "suspect" || verdict.to === "down")
    .filter((verdict) => isTrue(verdict, outages));
  const missed = outages.flatMap((outage, i) => {
    const horizonMs = outages[i + 1]?.fromMs ?? untilMs;
    return missedOf(outage, verdicts, horizonMs, untilMs);
  });
  const firstDueMs = fromMs + RECOVERY_MS;
  const wasFound = verdicts.some(({ to, atMs }) => to === "up" && atMs <= firstDueMs);
  if (!wasFound && firstDueMs <= (outages[0]?.fromMs ?? untilMs)) {
    missed.unshift({ fault: "missed", verdict: "up", atMs: fromMs });
  }
  return {
    right: right.length,
    wrong: wrong.length,
    missed: missed.length,
    faults: [
      ...wrong.map(({ to, atMs }): Fault => ({ fault: "wrong", verdict: nameOf(to), atMs })),
      ...missed,
    ].sort((a, b) => a.atMs - b.atMs),
  };
}

/**
 * Sorts lost heartbeats, given as the Unix milliseconds at which they left, by what was true then.
 */
export function judgeLosses(
  sentAtMs: readonly number[],
  outages: readonly Outage[],
): LossesByTruth {
  const whileDown = sentAtMs.filter((atMs) => {
    const outage = lastOf(outages, ({ fromMs }) => fromMs - BEFORE_STOP_MS, atMs);
    return outage !== undefined && atMs < outage.toMs;
  }).length;
  return { whileUp: sentAtMs.length - whileDown, whileDown };
}

function isTrue({ to, atMs }: StateEvent, outages: readonly Outage[]): boolean {
  const outage = lastOf(outages, ({ fromMs }) => fromMs, atMs);
  if (to === "down") return outage !== undefined && atMs <= outage.toMs + DETECTION_MS;
  return outage === undefined || atMs >= outage.toMs || atMs <= outage.fromMs + IN_FLIGHT_MS;
}

/**
 * What the client should have said of an outage before the next one, or the end of the soak, and
 * didn't.
 */
function missedOf(
  { fromMs, toMs }: Outage,
  verdicts: readonly StateEvent[],
  horizonMs: number,
  untilMs: number,
): Fault[] {
  const stateAt = (atMs: number) => lastOf(verdicts, (verdict) => verdict.atMs, atMs);
  const firstIn = (to: string, afterMs: number, dueMs: number) => {
    const first = countUpTo(verdicts, (verdict) => verdict.atMs, afterMs);
    for (let i = first; i < verdicts.length && verdicts[i]!.atMs <= dueMs; i++) {
      if (verdicts[i]!.to === to) return verdicts[i];
    }
    return undefined;
  };
  const settledMs = fromMs + IN_FLIGHT_MS;
  const noticed = stateAt(settledMs)?.to === "down" ||
    firstIn("down", settledMs, toMs + DETECTION_MS) !== undefined;
  if (!noticed) {
    return toMs - fromMs > DETECTION_MS ? [{ fault: "missed", verdict: "down", atMs: fromMs }] : [];
  }
  // The client may say "down" when the server has just come back, and then has the same time from
  // there.
  const isDown = stateAt(toMs)?.to === "down";
  const lateDown = isDown ? undefined : firstIn("down", toMs, toMs + DETECTION_MS);
  if (!isDown && lateDown === undefined) return [];
  const sinceMs = lateDown?.atMs ?? toMs;
  const dueMs = sinceMs + RECOVERY_MS;
  if (toMs >= untilMs || dueMs > horizonMs) return [];
  const back = firstIn("up", sinceMs - 1, dueMs);
  return back === undefined ? [{ fault: "missed", verdict: "up", atMs: toMs }] : [];
}

function nameOf(state: string): "down" | "up" {
  return state === "down" ? "down" : "up";
}

/** The last item, of those in order of their times, that is not after a moment. */
function lastOf<Item>(
  items: readonly Item[],
  timeOf: (item: Item) => number,
  atMs: number,
): Item | undefined {
  return items[countUpTo(items, timeOf, atMs) - 1];
}

/** By halving: a week has tens of thousands of outages, and of verdicts. */
function countUpTo<Item>(
  items: readonly Item[],
  timeOf: (item: Item) => number,
  atMs: number,
): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(items[middle]!) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
