/**
 * How often loss alone raises an alarm, in words.
 *
 * @module
 */

import { RAREST_EVERY, type VerdictWorth } from "../detect/verdict_worth.ts";
import type { Interval } from "../measure/interval.ts";
import { formatCount } from "../text/units.ts";

/**
 * Says how often the path loses as many heartbeats in a row as the rule asks for; `undefined` where
 * that is too rare for what was seen.
 */
export function chanceText({ limit, newer, everyHeartbeats }: VerdictWorth): string | undefined {
  const often = everyText(everyHeartbeats);
  if (often === undefined) return undefined;
  const row = `${formatCount(limit, "loss", "losses")}${limit === 1 ? "" : " in a row"}`;
  if (newer === 0) {
    const verb = limit === 1 ? "comes" : "come";
    return `At this loss, ${row} ${verb} by chance about once in ${often} heartbeats.`;
  }
  return `At this loss, ${row} and ${newer} more unanswered heartbeat${newer === 1 ? "" : "s"} ` +
    `after that come by chance about once in ${often} heartbeats.`;
}

/** Says which rule would raise fewer false alarms; `undefined` where none does, or it is in use. */
export function adviceText(
  { limit, rightLimit }: VerdictWorth,
  falseAlarmEvery: number,
): string | undefined {
  if (rightLimit === undefined || rightLimit <= limit) return undefined;
  const every = falseAlarmEvery.toLocaleString("en-US");
  return `At this interval and loss, --max-losses ${rightLimit} would keep false alarms to about ` +
    `one in ${every} heartbeats.`;
}

function everyText({ low, high }: Interval): string | undefined {
  if (low >= RAREST_EVERY) return undefined;
  const least = rounded(low);
  const most = high >= RAREST_EVERY
    ? `more than ${RAREST_EVERY.toLocaleString("en-US")}`
    : rounded(high);
  return least === most ? least : `${least} to ${most}`;
}

/** Writes a number with two significant digits. */
function rounded(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en-US");
}
