/**
 * The line of a monitoring plugin, for Nagios, Icinga and whatever reads their form.
 *
 * https://www.monitoring-plugins.org/doc/guidelines.html
 *
 * @module
 */

import { formatMs } from "../text/units.ts";

/** What a plugin may find, by its exit code. */
export const CHECK_STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;

/** What a plugin found. */
export type CheckState = typeof CHECK_STATES[number];

/** From these values on, something is wrong. */
export interface Threshold {
  /** The mean round trip, milliseconds. */
  readonly rttMs: number;
  /** The share of heartbeats lost, 0 to 1. */
  readonly lossShare: number;
}

/** When a check warns, and when it is critical. */
export interface CheckThresholds {
  /** From here on it warns. */
  readonly warning: Threshold;
  /** From here on it is critical. */
  readonly critical: Threshold;
}

/** What was found of one server. */
export interface CheckedTarget {
  /** What it is called. */
  readonly name: string;
  /** The mean round trip, milliseconds; `undefined`: nothing was answered. */
  readonly rttMs: number | undefined;
  /** The share of heartbeats lost, 0 to 1; `undefined`: it could not be asked. */
  readonly lossShare: number | undefined;
  /** Why it could not be asked; `undefined`: it could, or nobody knows. */
  readonly reason: string | undefined;
}

/** How a check ends. */
export interface CheckResult {
  /** Its only line. */
  readonly line: string;
  /** The plugin's exit code. */
  readonly code: number;
}

/** From the best to the worst: what is critical for certain comes before what is unknown. */
const SEVERITY: readonly CheckState[] = ["OK", "WARNING", "UNKNOWN", "CRITICAL"];

/** Judges servers, and writes the line, the worst first, and the exit code that goes with it. */
export function checkResult(
  targets: readonly CheckedTarget[],
  thresholds: CheckThresholds,
): CheckResult {
  const judged = targets.map((target) => ({ target, state: judge(target, thresholds) }))
    .sort((a, b) => SEVERITY.indexOf(b.state) - SEVERITY.indexOf(a.state));
  const state = judged[0]?.state ?? "UNKNOWN";
  const texts = judged.map(({ target }) => textOf(target)).join(" :: ");
  const data = judged.map(({ target }) => perfData(target, thresholds, targets.length > 1))
    .join(" ");
  return {
    line: `HEARTBEAT ${state} - ${texts} | ${data}`,
    code: CHECK_STATES.indexOf(state),
  };
}

/** Writes the line of a check that could not be made, and the exit code that goes with it. */
export function unableToCheck(reason: string): CheckResult {
  const line = `HEARTBEAT UNKNOWN - ${withoutPipe(reason)}`;
  return { line, code: CHECK_STATES.indexOf("UNKNOWN") };
}

function judge(
  { rttMs, lossShare }: CheckedTarget,
  { warning, critical }: CheckThresholds,
): CheckState {
  if (lossShare === undefined) return "UNKNOWN";
  const exceeds = (limit: Threshold) =>
    lossShare >= limit.lossShare || rttMs !== undefined && rttMs >= limit.rttMs;
  return exceeds(critical) ? "CRITICAL" : exceeds(warning) ? "WARNING" : "OK";
}

function textOf({ name, rttMs, lossShare, reason }: CheckedTarget): string {
  const of = withoutPipe(name);
  if (lossShare === undefined) {
    return `${of}: could not be asked${reason === undefined ? "" : `: ${withoutPipe(reason)}`}`;
  }
  const rtt = rttMs === undefined ? "no answer" : `rta ${formatMs(rttMs)}ms`;
  return `${of}: ${rtt}, lost ${Math.round(lossShare * 100)}%`;
}

/** A value that is not known is `U`. */
function perfData(
  { name, rttMs, lossShare }: CheckedTarget,
  { warning, critical }: CheckThresholds,
  isNamed: boolean,
): string {
  const label = (what: string) =>
    isNamed ? `'${withoutPipe(name).replaceAll(/['=]/g, "_")}_${what}'` : what;
  const rtt = rttMs === undefined ? "U" : `${rttMs.toFixed(3)}ms`;
  const loss = lossShare === undefined ? "U" : `${Math.round(lossShare * 100)}%`;
  const percent = (limit: Threshold) => `${Number((limit.lossShare * 100).toPrecision(12))}`;
  const ms = (limit: Threshold) => limit.rttMs.toFixed(3);
  return `${label("rta")}=${rtt};${ms(warning)};${ms(critical)};0; ` +
    `${label("pl")}=${loss};${percent(warning)};${percent(critical)};0;100`;
}

/** A pipe would begin the performance data. */
function withoutPipe(text: string): string {
  return text.replaceAll("|", "/").replaceAll("\n", " ");
}
