/**
 * What a running client knows at a moment, for pages, metrics and a terminal. Loaded only where one
 * of them is wanted.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import { VERSION } from "../cli/common_flags.ts";
import { FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Member } from "../fleet/member.ts";
import type { SoloMonitor } from "../monitor/solo_monitor.ts";
import { vitalsOf } from "../monitor/vitals.ts";
import type { Transport } from "../report/transport.ts";
import type { ListStatus, Watch } from "../views/watch.ts";
import { WatchedMember } from "../views/watched_member.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { openClocks } from "./clock.ts";
import { openProgramFigures } from "./program_figures.ts";

/** What is said of the run beside its figures. */
export interface AboutRun {
  /** What the client was asked to do. */
  readonly options: ClientOptions;
  /** One false alarm in this many heartbeats is allowed; left out: the usual number. */
  readonly falseAlarmEvery?: number | undefined;
  /** What sends and receives. */
  readonly transport: Transport;
}

const readNowMs = () => performance.now();

/**
 * Makes what reads the figures of one server.
 *
 * @param target where its heartbeats go
 */
export function soloWatch(monitor: SoloMonitor, target: Endpoint, about: AboutRun): () => Watch {
  const { host: hostname, port } = about.options.target;
  const name = formatEndpoint({ hostname, port });
  const vitals = () => vitalsOf(monitor.parts, readNowMs());
  const summary = () => monitor.summary();
  const place = { endpoint: target, unresolved: undefined };
  const targets = [{ name, target: name, labels: {}, ...place, vitals, summary }];
  return watchOf(about, () => {
    const { stalls, missedMs } = monitor.ownMachine;
    const sendDelays = vitals().shown?.sendDelays;
    return { targets, watcher: { stalls, missedMs, sendDelays, strays: 0, blind: [] } };
  });
}

/**
 * Makes what reads the figures of a fleet.
 *
 * @param listStatus tells whether its list could be read; `undefined`: there is no list
 */
export function fleetWatch(
  fleet: Fleet,
  listStatus: () => ListStatus | undefined,
  about: AboutRun,
): () => Watch {
  // Made once for each: ten thousand take some milliseconds.
  const known = new WeakMap<Member, WatchedMember>();
  const watched = (member: Member) => {
    let target = known.get(member);
    if (target === undefined) known.set(member, target = new WatchedMember(member, readNowMs));
    return target;
  };
  return watchOf(about, () => ({
    targets: fleet.members.map(watched),
    watcher: fleet.watcher,
    list: listStatus(),
  }));
}

type WatchNow = Pick<Watch, "targets" | "watcher"> & { readonly list?: Watch["list"] };

function watchOf(
  { options, falseAlarmEvery = options.falseAlarmEvery, transport }: AboutRun,
  now: () => WatchNow,
): () => Watch {
  const { maxLosses, intervalMs, timeoutMs } = options;
  const readClocks = openClocks();
  const programFigures = openProgramFigures(VERSION, transport);
  return () => ({
    ...{ list: undefined, ...now() },
    ...{ maxLosses, intervalMs, timeoutMs, wallMs: readClocks().wallMs },
    falseAlarmEvery: maxLosses === "auto" ? falseAlarmEvery ?? FALSE_ALARM_EVERY : undefined,
    program: programFigures(),
  });
}
