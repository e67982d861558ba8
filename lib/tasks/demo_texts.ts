/**
 * What the demo says about itself: what happens, and what to try next.
 *
 * @module
 */

import { formatCount, formatShare } from "../text/units.ts";
import { wrap } from "../text/wrap.ts";

/** What the demo was asked to do, as far as its words depend on it. */
export interface DemoSettings {
  /** Share of heartbeats that the server drops, 0 to 1. */
  readonly lossShare: number;
  /** Seed of the drops. */
  readonly seed: number;
  /** Heartbeats to send; 0: until stopped. */
  readonly count: number;
  /** Losses in a row after which the server is given up. */
  readonly maxLosses: number | "auto";
  /** Whether nothing but quiet or a few figures more were asked for. */
  readonly plain: boolean;
}

/** Says what is going to happen. */
export function openingLines({ lossShare, seed, count, maxLosses, plain }: DemoSettings): string[] {
  const drops = lossShare === 0
    ? "drops no heartbeats"
    : `drops ${formatShare(lossShare)} of heartbeats on purpose, drawn with seed ${seed}`;
  const sends = count === 0
    ? "sends heartbeats until Ctrl-C"
    : `sends ${formatCount(count, "heartbeat")}`;
  const rule = maxLosses === 0
    ? "It only measures."
    : `It gives the server up after ${
      maxLosses === "auto" ? "as many losses in a row as the path calls for" : inARow(maxLosses)
    }.`;
  const whySeed = plain
    ? " With this seed no three in a row are dropped; with 86% of all seeds three are, and the " +
      "run ends early."
    : "";
  return wrap(
    `A server (S) ${drops}, and a client (C) ${sends} and counts the replies. ${rule}${whySeed}`,
  );
}

/**
 * Says what to try next.
 *
 * @param gaveUp whether the client has given the server up, which was running all the time
 */
export function closingLines({ plain, maxLosses }: DemoSettings, gaveUp: boolean): string[] {
  const truth = gaveUp
    ? wrap(
      "In truth the server was running to the end: all losses were its drops. The client can't " +
        "know that; it says how often chance does this.",
    )
    : [];
  const tries = [
    ...(plain ? [["deno task demo --seed 2", "other heartbeats are dropped"]] : []),
    ...(maxLosses === "auto"
      ? []
      : [["deno task demo --max-losses auto", "learns how many losses in a row mean a stop"]]),
    ["deno task server --loss 0", "in one terminal, and in another:"],
    ["deno task client --watch", "stop the server with Ctrl-C, start it again"],
  ];
  return [
    ...truth,
    "Try next:",
    ...tries.map(([command, why]) => `  ${command!.padEnd(34)}${why}`),
  ];
}

function inARow(losses: number): string {
  return losses === 1 ? "1 loss" : `${losses} losses in a row`;
}
