/**
 * What a soak does and when, drawn from a seed before it starts.
 *
 * @module
 */

import { MAX_SEED, type Random, seededRandom } from "../../lib/impairment/random.ts";
import type { FloodOrder } from "./flood.ts";
import { LEAD_MS } from "./setup.ts";

/** A stretch of a soak, and what the server gets in it besides the client's heartbeats. */
export interface Phase {
  /** What is sent: nothing, or what the flooder knows. */
  readonly kind: "quiet" | FloodOrder["kind"];
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
  /** How long until the server is started again, milliseconds. */
  readonly downMs: number;
  /** Whether it is ended at once or asked to end. */
  readonly signal: "SIGKILL" | "SIGTERM";
}

/** All that a soak does. */
export interface Plan {
  /** How long it lasts, milliseconds. */
  readonly durationMs: number;
  /** What is sent, from the start to the end without a gap. */
  readonly phases: readonly Phase[];
  /** Kills, in any phase: a flood must hide neither a stop nor a return. */
  readonly kills: readonly Kill[];
}

/**
 * Each round has quiet, one garbage phase, one flood and perhaps one kill. Floods come in turns from
 * anywhere and from the client's own network.
 */
const ROUND_MS = 30_000;

/**
 * The second half of a soak has no kills, so that a leak of one server can show; the first rounds
 * always do.
 */
const ROUNDS_WITH_KILLS = 2;

/** Garbage and flood each last this share of a round without its lead. */
const [SMALLEST_SHARE, LARGEST_SHARE] = [0.25, 0.35];

/** Longer than the time to notice a stop, so that every stop must be noticed. */
const [SHORTEST_DOWN_MS, LONGEST_DOWN_MS] = [3000, 6000];

/** The first kill comes after the first reading of memory, of which there is one a second. */
const FIRST_KILL_MS = LEAD_MS + 2000;

/**
 * The server is back at least this long before the end of its round, so that the client can notice.
 */
const COME_BACK_MS = 6000;

/** Draws a plan; the same seed and duration give the same one. */
export function planSoak(durationMs: number, seed: number): Plan {
  const random = seededRandom(seed);
  const rounds = Math.max(1, Math.floor(durationMs / ROUND_MS));
  const roundMs = durationMs / rounds;
  const phases: Phase[] = [];
  const kills: Kill[] = [];
  for (let round = 0; round < rounds; round++) {
    const atMs = round * roundMs;
    // Another digit of the seed than the signals', so that all pairs of both come.
    const flood = (round + (seed >> 1)) % 2 === 0 ? "flood" : "own_flood";
    phases.push(...planPhases(atMs, roundMs, flood, random));
    const downMs = between(SHORTEST_DOWN_MS, LONGEST_DOWN_MS, random);
    const killMs = between(FIRST_KILL_MS, roundMs - COME_BACK_MS - LONGEST_DOWN_MS, random);
    // Too short a round has none.
    if (killMs < FIRST_KILL_MS || round >= Math.max(ROUNDS_WITH_KILLS, rounds / 2)) continue;
    // The seed says which signal comes first; then they take turns.
    const signal = (round + seed) % 2 === 0 ? "SIGKILL" : "SIGTERM";
    kills.push({ atMs: atMs + killMs, downMs, signal });
  }
  return { durationMs, phases, kills };
}

/** After the lead, garbage and flood in either order, with quiet between and after them. */
function planPhases(
  startMs: number,
  roundMs: number,
  flood: Phase["kind"],
  random: Random,
): Phase[] {
  const leadMs = Math.min(LEAD_MS, roundMs);
  const restMs = roundMs - leadMs;
  const barrages: Phase["kind"][] = random() < 0.5 ? ["garbage", flood] : [flood, "garbage"];
  const [oneMs, otherMs] = barrages.map(() =>
    restMs * between(SMALLEST_SHARE, LARGEST_SHARE, random)
  );
  const betweenMs = (restMs - oneMs! - otherMs!) * random();
  const parts: [Phase["kind"], number][] = [
    ["quiet", leadMs],
    [barrages[0]!, oneMs!],
    ["quiet", betweenMs],
    [barrages[1]!, otherMs!],
    ["quiet", restMs - oneMs! - betweenMs - otherMs!],
  ];
  let atMs = startMs;
  return parts.map(([kind, forMs]) => {
    const phase = { kind, atMs, forMs, seed: Math.floor(random() * (MAX_SEED + 1)) };
    atMs += forMs;
    return phase;
  });
}

function between(low: number, high: number, random: Random): number {
  return low + random() * (high - low);
}
