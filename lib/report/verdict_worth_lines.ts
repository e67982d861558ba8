/**
 * How much a verdict is worth, in words.
 *
 * @module
 */

import { STOPS_PER_HEARTBEAT, type VerdictWorth } from "../detect/verdict_worth.ts";
import { formatPercent } from "../text/units.ts";

/**
 * Says how much the rule is worth at the estimated loss.
 *
 * @param state `down`: the rule has just given the server up; `alive`: the run ended without that
 */
export function verdictWorthLines(worth: VerdictWorth, state: "down" | "alive"): string[] {
  const { limit, newer, rates, everyHeartbeats, shareOfRuns, stopProbability, rightLimit } = worth;
  const often = everyHeartbeats === Infinity || everyHeartbeats > 1e12
    ? "never does that"
    : `does that once in ${rounded(everyHeartbeats)} heartbeats, in ${
      rounded(shareOfRuns * 100)
    } of 100 runs like this one`;
  const besides = newer === 0
    ? ""
    : `, and no reply to the ${newer === 1 ? "newer one" : `${newer} newer ones`} by then`;
  const percent = (share: number) => `${rounded(share * 100)}%`;
  const lines = [
    `Worth: ${limit} losses in a row${besides} - with a loss of about ${
      percent(rates.afterReply)
    } after a ` +
    `reply and ${percent(rates.afterLoss)} after a loss, loss alone ${often}.`,
  ];
  const right = rightLimit === undefined
    ? "no --max-losses would be right"
    : `--max-losses ${rightLimit} would be right`;
  if (state === "down") {
    const prior = rounded(1 / STOPS_PER_HEARTBEAT);
    lines.push(
      `The server has really stopped with a probability of ${
        formatPercent(stopProbability)
      }, if servers ` +
        `stop once in ${prior} heartbeats; ${right}.`,
    );
  } else {
    lines.push(`For as few false alarms as wanted, ${right}.`);
  }
  return lines;
}

/** Writes a number with two significant digits, or as a whole number from 10 on. */
function rounded(value: number): string {
  if (value >= 10) return Math.round(value).toLocaleString("en-US");
  return `${Number(value.toPrecision(2))}`;
}
