/**
 * `client.ts --check`: asks servers a few times, and says in the one line of a monitoring plugin
 * how they are. Loaded only then.
 *
 * @module
 */

import type { CheckRequest, ClientOptions } from "../cli/client_options.ts";
import type { Member } from "../fleet/member.ts";
import { type CheckedTarget, checkResult, unableToCheck } from "../report/check_line.ts";
import { OperatorError } from "../text/operator_error.ts";
import { openClocks } from "./clock.ts";
import { drive } from "./drive.ts";
import { prepareFleet } from "./prepare_fleet.ts";
import type { Terminal } from "./program.ts";

/** Checks servers, prints the line, and returns the plugin's exit code; it never throws. */
export async function runCheck(
  options: ClientOptions,
  check: CheckRequest,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), check.timeLimitMs);
  const ends = AbortSignal.any([stop, limit.signal]);
  try {
    const prepared = await prepareFleet(options, {
      summaries: false,
      looksOn: false,
      complain: terminal.complain,
      stop: ends,
    });
    const { fleet: machine, sockets, list: { failures } } = prepared;
    for (const [key, reason] of failures) machine.unresolved(key, reason);
    const loop = { readClocks: openClocks(), report: () => {}, precise: true, stop: ends };
    await drive({ machine, sockets, ...loop });
    const { line, code } = checkResult(machine.members.map(checked), check);
    terminal.line(line, true);
    return code;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const { line, code } = unableToCheck(error.message);
    terminal.line(line, true);
    return code;
  } finally {
    clearTimeout(timer);
  }
}

function checked({ listed: { name }, monitor, unresolved }: Member): CheckedTarget {
  const { rttMs, received, lost, lostUnsent, unsent } = monitor.summary();
  const settled = received + lost - lostUnsent;
  return {
    name,
    rttMs: rttMs?.mean,
    lossShare: settled === 0 ? undefined : (lost - lostUnsent) / settled,
    reason: unresolved ?? unsent.reason ?? "nothing was answered or lost by then",
  };
}
