/**
 * Watches many servers: what `client.ts` does when it is given several, or a list of them. Loaded
 * only then.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import { VERSION } from "../cli/common_flags.ts";
import { worstCode } from "../cli/exit_codes.ts";
import type { Member } from "../fleet/member.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { type ListedTarget, targetKey } from "../fleet/target_list.ts";
import type { Instant } from "../machine/machine.ts";
import { emptySnapshot, type MonitorSnapshot } from "../monitor/snapshot.ts";
import type { FleetReport } from "../report/fleet_events.ts";
import { FleetReporter } from "../report/fleet_reporter.ts";
import { viewOf } from "../report/view.ts";
import { OperatorError } from "../text/operator_error.ts";
import type { ListStatus } from "../views/watch.ts";
import { addressFamily } from "../wire/address.ts";
import { openClocks } from "./clock.ts";
import { drive } from "./drive.ts";
import { type GatheredTargets, notPermitted, permittedAddress } from "./fleet_targets.ts";
import { openHooks } from "./hooks.ts";
import type { HttpServer } from "./http_server.ts";
import type { Live } from "./live.ts";
import type { Terminal } from "./program.ts";
import { prepareFleet } from "./prepare_fleet.ts";
import { resolveHost } from "./resolve.ts";
import { Resolver } from "./resolver.ts";
import { sourceOf, STANDARD_INPUT } from "./target_file.ts";

/** How often it is looked for names that are due to be looked up, milliseconds. */
const RESOLVE_TICK_MS = 1000;

/**
 * Watches servers to the end of their heartbeats, or until it is told to stop, and returns the exit
 * code: the worst of all.
 *
 * @throws {OperatorError} when the list can't be read or is wrong, no socket can be opened, a
 * permission is missing, or the key can't be read
 */
export async function watchFleet(
  options: ClientOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const { complain } = terminal;
  const panel = options.live ? await terminal.openPanel?.() : undefined;
  const looksOn = panel !== undefined || options.listen !== undefined;
  const { count, intervalMs, timeoutMs, maxLosses, json, quiet } = options;
  const hooks = await openHooks(options, complain);
  const prepared = await prepareFleet(options, { summaries: json, looksOn, complain, stop });
  const { fleet, sockets, family, list, falseAlarmEvery, gather } = prepared;
  let code = 0;
  let site: HttpServer | undefined;
  let live: Live | undefined;
  try {
    const view = viewOf(terminal, options);
    const reporter = new FleetReporter({ json, quiet, view, print: terminal.line });
    const readClocks = openClocks();
    let advance = () => {};
    const resolver = resolverOf(fleet, family, () => advance());
    const report = (event: FleetReport, now: Instant) => {
      // The summary stands below the last table.
      if (event.type === "fleet") live?.close();
      reporter.report(event, now);
      if (event.type === "blind") hooks.blind(event, now.wallMs);
      if (event.type === "fleet") {
        code = worstCode(event.members.map((member) => snapshotOf(member).verdict));
      }
      if (event.type !== "of_target" || event.event.type !== "state") return;
      const { member, event: change } = event;
      hooks.run(change, member.endpoint, now.wallMs, member.listed);
      if (change.to === "down" || change.reason === "unsent") resolver.hurry(member.key);
    };
    const { file } = options.fleet ?? {};
    const source = file === undefined ? "the command line" : sourceOf(file);
    const settings = { count, intervalMs, timeoutMs, maxLosses, falseAlarmEvery };
    const about = { targets: list.targets.length, source, version: VERSION };
    const [{ transport }] = sockets;
    const readable = file !== undefined && file !== STANDARD_INPUT;
    const reading = new Reading(readable ? readClocks().wallMs : undefined);
    const status = () => reading.status;
    const watchNow = !looksOn ? undefined : (await import("./watch_now.ts"))
      .fleetWatch(fleet, status, { options, falseAlarmEvery, transport });
    site = options.listen && await (await import("./client_site.ts"))
      .serveWatch(watchNow!, options, complain);
    report({ type: "start", ...about, ...settings, transport }, readClocks());
    if (site) report({ type: "serving", at: site.local }, readClocks());
    if (panel !== undefined) {
      live = (await import("./live.ts")).showFleet(panel, watchNow!, view.palette);
    }
    terminal.onAsked(() => report({ type: "figures_so_far", ...fleet.figures() }, readClocks()));
    const takeNames = ({ targets, addresses, failures }: GatheredTargets) => {
      resolver.watch(namesOf(targets), new Set([...addresses.keys(), ...failures.keys()]));
      for (const [key, reason] of failures) fleet.unresolved(key, reason);
    };
    takeNames(list);
    const ticking = setInterval(() => resolver.tick(), RESOLVE_TICK_MS);
    if (readable) {
      terminal.onReload(() =>
        reading.again(complain, async () => {
          const next = await gather();
          fleet.reload(next);
          takeNames(next);
          advance();
          return readClocks().wallMs;
        })
      );
    }
    // A timer that is late has heartbeats leave together, and their replies wait for each other.
    const precise = true;
    const onReady = (act: () => void) => advance = act;
    await drive({ machine: fleet, sockets, readClocks, report, precise, stop, onReady });
    clearInterval(ticking);
  } finally {
    live?.close();
    site?.close();
    for (const socket of sockets) socket.close();
  }
  await hooks.finished();
  return code;
}

/** The readings of a list, one at a time; what is wrong with it changes nothing. */
class Reading {
  #last = Promise.resolve();
  /** Whether the last one went well; `undefined`: there is no list to read again. */
  status: ListStatus | undefined;

  /** It was read at a moment, Unix milliseconds. */
  constructor(goodAtWallMs: number | undefined) {
    this.status = goodAtWallMs === undefined ? undefined : { good: true, goodAtWallMs };
  }

  /** Reads it again by a function that returns the moment, Unix milliseconds. */
  again(complain: (text: string) => void, read: () => Promise<number>): void {
    this.#last = this.#last.then(async () => {
      try {
        this.status = { good: true, goodAtWallMs: await read() };
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        this.status = { goodAtWallMs: 0, ...this.status, good: false };
        complain(`the list of servers stays as it was: ${error.message}`);
      }
    });
  }
}

function resolverOf(fleet: Fleet, family: 4 | 6 | undefined, advance: () => void): Resolver {
  return new Resolver({
    lookUp: (host) => resolveHost(host, family),
    nowMs: () => performance.now(),
    isUp: (key) => snapshotOf(fleet.find(key)).state === "up",
    onAddresses(key, addresses) {
      const member = fleet.find(key);
      if (member === undefined) return;
      const { endpoint: { hostname, port }, unresolved } = member;
      const { received, state } = snapshotOf(member);
      const others = addresses.filter((address) => address !== hostname);
      // An address that can be sent to stays, as long as the name has it.
      const stays = unresolved === undefined && others.length < addresses.length &&
        (others.length === 0 || received > 0 || state !== "unknown");
      const next = stays ? hostname : permittedAddress([...others, ...addresses], port);
      if (next !== undefined) fleet.resolved(key, next);
      else fleet.unresolved(key, notPermitted(addresses));
      advance();
    },
    onFailure(key, reason) {
      fleet.unresolved(key, reason);
      advance();
    },
  });
}

function namesOf(targets: readonly ListedTarget[]) {
  return targets.filter(({ host }) => addressFamily(host) === undefined)
    .map((target) => ({ key: targetKey(target), host: target.host }));
}

function snapshotOf(member: Member | undefined): MonitorSnapshot {
  const snapshot = emptySnapshot();
  member?.monitor.snapshot(performance.now(), snapshot);
  return snapshot;
}
