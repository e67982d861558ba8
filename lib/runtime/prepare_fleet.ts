/**
 * What comes before many servers are asked: their list, the key, the sockets, the addresses.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import { FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { ListedTarget } from "../fleet/target_list.ts";
import { ShownFigures } from "../monitor/shown_figures.ts";
import { addressFamily } from "../wire/address.ts";
import { type FleetSockets, openFleetSockets } from "./fleet_sockets.ts";
import { findAddresses, type GatheredTargets, readTargets } from "./fleet_targets.ts";
import { openProtocols } from "./protocol.ts";

/** A fleet that is ready to begin. */
export interface PreparedFleet extends FleetSockets {
  /** The fleet. */
  readonly fleet: Fleet;
  /** Its list, with the addresses that are known. */
  readonly list: GatheredTargets;
  /** One false alarm in this many heartbeats is allowed; `undefined`: the rule isn't `auto`. */
  readonly falseAlarmEvery: number | undefined;
  /** Reads the list again, and finds its addresses. */
  readonly gather: () => Promise<GatheredTargets>;
}

/** How many values each distribution of a target keeps exactly: it must stay small. */
const EXACT_VALUES = 32;

/**
 * Prepares a fleet, whose sockets the caller closes.
 *
 * @param summaries whether each target has a summary at the end
 * @param looksOn whether figures are kept for a page, metrics or a terminal
 * @param complain called where a key is no good secret, or libc can't be used
 * @param stop aborted when the program is to stop
 * @throws {OperatorError} when the list can't be read or is wrong, no socket can be opened, a
 * permission is missing, or the key can't be read
 */
export async function prepareFleet(
  options: ClientOptions,
  { summaries, looksOn, complain, stop }: {
    readonly summaries: boolean;
    readonly looksOn: boolean;
    readonly complain: (text: string) => void;
    readonly stop: AbortSignal;
  },
): Promise<PreparedFleet> {
  const { intervalMs, maxLosses, keyFile, reportEveryMs } = options;
  const { named = [], file } = options.fleet ?? {};
  const sources = { named, file, intervalMs };
  const listed = await readTargets(sources, stop);
  const protocolOf = await openProtocols(keyFile, stop, complain);
  const { sockets, family } = await openFleetSockets({
    ...options,
    needed: familiesOf(listed),
    isTargets: (port) => listed.some((target) => target.port === port),
    perSecond: listed.length * 1000 / intervalMs,
    complain,
  });
  try {
    const list = await findAddresses(listed, family, stop);
    const falseAlarmEvery = maxLosses === "auto"
      ? options.falseAlarmEvery ?? FALSE_ALARM_EVERY * listed.length
      : undefined;
    const makeShown = looksOn ? () => new ShownFigures() : undefined;
    const member = { ...options, falseAlarmEvery, exactValues: EXACT_VALUES, makeShown };
    const start = Math.random();
    const fleet = new Fleet({ list, member, protocolOf, summaries, start, reportEveryMs });
    const gather = async () => await findAddresses(await readTargets(sources, stop), family, stop);
    return { fleet, sockets, family, list, falseAlarmEvery, gather };
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
}

function familiesOf(targets: readonly ListedTarget[]): ReadonlySet<4 | 6> {
  const families = targets.map(({ host }) => addressFamily(host));
  return new Set(families.filter((family) => family !== undefined));
}
