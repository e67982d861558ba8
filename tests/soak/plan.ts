/**
 * What a soak does and when, drawn from a seed before it starts.
 *
 * @module
 */

import { MAX_SEED, type Random, seededRandom } from "../../lib/impairment/random.ts";
import { LEAD_MS } from "./setup.ts";

/** What is sent to the server besides the client's heartbeats. */
export type PhaseKind = "quiet" | "garbage" | "flood";

/** A stretch of a soak in which the same kind of datagrams is sent. */
export interface Phase {
  /** What is sent. */
  readonly kind: PhaseKind;
  /** When it begins, milliseconds after the start. */
  readonly atMs: number;
  /** How long it lasts, milliseconds. */
  readonly forMs: number;
  /** Repeats its datagrams. */
  readonly seed: number;
}

/** A kill of the server. */
export interface Kill {
  /** When, milliseconds after the start. */
  readonly atMs: number;
  /** How long it takes until the server is started again, milliseconds. */
  readonly downMs: number;
  /** How it is ended: at once, or asked to. */
  readonly signal: "SIGKILL" | "SIGTERM";
}

/** All that a soak does. */
export interface Plan {
  /** How long it lasts, milliseconds. */
  readonly durationMs: number;
  /** What is sent, from the start to the end without a gap. */
  readonly phases: readonly Phase[];
  /** When the server is killed, in any phase: a flood must not hide a stop, nor the coming back. */
  readonly kills: readonly Kill[];
}

/**
 * Each round begins with some quiet, in which memory is read first. Then it has one garbage
 * phase, one flood and one kill, so that a minute has two of each.
 */
const ROUND_MS = 30_000;

/**
 * The second half of a soak has no kills, so that one server lives long enough for a leak to show; but so many rounds
 * have one in any case.
 */
const ROUNDS_WITH_KILLS = 2;

/** Of the part of a round that isn't its beginning, garbage and flood each last this share. */
const [SMALLEST_SHARE, LARGEST_SHARE] = [0.25, 0.35];

/** Longer than the time to notice a stop, so that each one must be noticed. */
const [SHORTEST_DOWN_MS, LONGEST_DOWN_MS] = [3000, 6000];

/** The first kill comes after memory was read for the first time, which happens once a second. */
const FIRST_KILL_MS = LEAD_MS + 2000;

/** So long before the end of a round the server is started again at the latest, so that the client can notice. */
const COME_BACK_MS = 6000;

/** Draws a plan; the same seed and duration give the same one. */
export function planSoak(durationMs: number, seed: number): Plan {
  const random = seededRandom(seed);
  const rounds = Math.max(1, Math.floor(durationMs / ROUND_MS));
  const roundMs = durationMs / rounds;
  const phases: Phase[] = [];
  const kills: Kill[] = [];
  // Every second kill is of the other kind than the one before it, so that half are of each.
  let killFirst = true;
  for (let round = 0; round < rounds; round++) {
    const atMs = round * roundMs;
    phases.push(...planPhases(atMs, roundMs, random));
    if (round % 2 === 0) killFirst = random() < 0.5;
    const signal = killFirst === (round % 2 === 0) ? "SIGKILL" : "SIGTERM";
    const kill = planKill(roundMs, random);
    if (kill !== undefined && round < Math.max(ROUNDS_WITH_KILLS, rounds / 2)) {
      kills.push({ ...kill, atMs: atMs + kill.atMs, signal });
    }
  }
  return { durationMs, phases, kills };
}

/** After the beginning garbage and flood in either order, with quiet between and after them. */
function planPhases(
  startMs: number,
  roundMs: number,
  random: Random,
): Phase[] {
  const leadMs = Math.min(LEAD_MS, roundMs);
  const restMs = roundMs - leadMs;
  const [one, other]: PhaseKind[] = random() < 0.5 ? ["garbage", "flood"] : ["flood", "garbage"];
  const oneMs = restMs * between(SMALLEST_SHARE, LARGEST_SHARE, random);
  const otherMs = restMs * between(SMALLEST_SHARE, LARGEST_SHARE, random);
  const betweenMs = (restMs - oneMs - otherMs) * random();
  const parts: [PhaseKind, number][] = [
    ["quiet", leadMs],
    [one!, oneMs],
    ["quiet", betweenMs],
    [other!, otherMs],
    ["quiet", restMs - oneMs - otherMs - betweenMs],
  ];
  let atMs = startMs;
  return parts.map(([kind, forMs]) => {
    const seed = Math.floor(random() * (MAX_SEED + 1));
    const phase = { kind, atMs, forMs, seed };
    atMs += forMs;
    return phase;
  });
}

/** A kill in the middle of a round; `undefined` where the round is too short for one. */
function planKill(roundMs: number, random: Random): { atMs: number; downMs: number } | undefined {
  const downMs = between(SHORTEST_DOWN_MS, LONGEST_DOWN_MS, random);
  const atMs = between(FIRST_KILL_MS, roundMs - COME_BACK_MS - LONGEST_DOWN_MS, random);
  return atMs < FIRST_KILL_MS ? undefined : { atMs, downMs };
}

function between(low: number, high: number, random: Random): number {
  return low + random() * (high - low);
}
