/**
 * What else there is to say at the end of a run: the most important thing, or nothing.
 *
 * @module
 */

import type { MonitorSummary } from "../monitor/events.ts";
import { formatCount, formatDuration, formatMs } from "../text/units.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { adviceText, chanceText } from "./chance.ts";
import { silenceHint, unreachableText, unsentText } from "./hints.ts";

/** A clock that is certainly off by more than this is worth a note, seconds. */
const NOTABLE_OFFSET_S = 1;

/** The fewest losses from which it is told how often chance repeats them. */
const FEWEST_LOSSES = 10;

/**
 * Finds the note of a summary: the first that applies of what could not be asked, what came instead
 * of replies, why the run ended early, the clocks, and the worth of the rule.
 *
 * @param falseAlarmEvery how many heartbeats there should be to a false alarm
 */
export function summaryNote(
  summary: MonitorSummary,
  target: Endpoint,
  falseAlarmEvery: number,
): string | undefined {
  return notAsked(summary) ?? cameInstead(summary, target) ?? endedEarly(summary) ??
    clockNote(summary) ?? ruleNote(summary, falseAlarmEvery);
}

function notAsked(
  { unsent, unreachable, stalls, asleepMs, excused }: MonitorSummary,
): string | undefined {
  if (unsent.count > 0) return unsentText(unsent);
  if (unreachable.count > 0) return unreachableText(unreachable);
  if (excused === 0 || stalls === 0 && asleepMs === 0) return undefined;
  const asleep = asleepMs === 0
    ? ""
    : `, and this machine slept for ${formatDuration(asleepMs)} or had its clock set forward`;
  return `This program stood still ${stalls === 1 ? "once" : `${stalls} times`}${asleep}; ` +
    `${formatCount(excused, "loss says", "losses say")} nothing about the server.`;
}

function cameInstead(summary: MonitorSummary, target: Endpoint): string | undefined {
  const { verdict, state, unexpected, lost } = summary;
  // The line that gave the server up had the hint.
  if (verdict === "never_answered" && state !== "down" && lost > 0) {
    return silenceHint(target, { ...summary, heard: false });
  }
  if (unexpected === 0 || verdict === "stopped" || state === "down") return undefined;
  return `${formatCount(unexpected, "datagram")} came besides that ` +
    `${unexpected === 1 ? "was no reply" : "were no replies"} to heartbeats of this run.`;
}

function endedEarly({ ended, planned, sent }: MonitorSummary): string | undefined {
  const left = planned - sent;
  if (left <= 0 || ended === undefined || ended === "finished") return undefined;
  const unsent = `${left} of ${planned} heartbeats ${left === 1 ? "was" : "were"} not sent:`;
  return ended === "given_up"
    ? `${unsent} the run ends when the server is given up. --watch goes on through outages.`
    : `${unsent} the run was stopped early.`;
}

function clockNote({ clock }: MonitorSummary): string | undefined {
  if (clock === undefined) return undefined;
  const { lowS, highS, steps } = clock;
  if (lowS > NOTABLE_OFFSET_S || highS < -NOTABLE_OFFSET_S) {
    const [least, most] = lowS > 0 ? [lowS, highS] : [-highS, -lowS];
    const size = most < 120
      ? `${formatMs(Math.floor(least * 10) / 10)} to ${formatMs(Math.ceil(most * 10) / 10)} s`
      : `at least ${formatDuration(least * 1000, Math.floor)}`;
    return `The server's clock is ${lowS > 0 ? "ahead of" : "behind"} this machine's by ${size}.`;
  }
  if (steps === 0) return undefined;
  return `The clocks of the server and of this machine stepped against each other ` +
    `${steps === 1 ? "once" : `${steps} times`}.`;
}

function ruleNote({ verdict, worth }: MonitorSummary, falseAlarmEvery: number): string | undefined {
  // Where the server was given up, that line had the chance.
  if (worth === undefined || worth.losses < FEWEST_LOSSES || verdict !== "alive") return undefined;
  const texts = [chanceText(worth), adviceText(worth, falseAlarmEvery)];
  const told = texts.filter((text) => text !== undefined);
  return told.length === 0 ? undefined : told.join(" ");
}
