/**
 * Serves what a client knows: metrics and pages. Loaded only where `--listen` is given.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import { VERSION } from "../cli/common_flags.ts";
import { FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { SoloMonitor } from "../monitor/solo_monitor.ts";
import type { Transport } from "../report/transport.ts";
import { watchPage } from "../views/site.ts";
import type { ListStatus, Watch } from "../views/watch.ts";
import { watchedMember } from "../views/watched_member.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";
import { openClocks } from "./clock.ts";
import { type HttpServer, serveHttp } from "./http_server.ts";
import { openProgramFigures } from "./program_figures.ts";

/** What is said of the run beside its figures. */
export interface ClientSiteOptions {
  /** What the client was asked to do. */
  readonly options: ClientOptions;
  /** One false alarm in this many heartbeats is allowed; left out: the usual number. */
  readonly falseAlarmEvery?: number | undefined;
  /** What sends and receives. */
  readonly transport: Transport;
  /** Called when a page can't be made. */
  readonly complain: (text: string) => void;
}

/**
 * Serves the figures of one server.
 *
 * @param target where its heartbeats go
 * @throws {OperatorError} as {@linkcode serveHttp}
 */
export async function serveSolo(
  monitor: SoloMonitor,
  target: Endpoint,
  site: ClientSiteOptions,
): Promise<HttpServer> {
  const { host: hostname, port } = site.options.target;
  const name = formatEndpoint({ hostname, port });
  const vitals = () => monitor.vitals(readNowMs());
  const summary = () => monitor.summary();
  const place = { endpoint: target, unresolved: undefined };
  const targets = [{ name, target: name, labels: {}, ...place, vitals, summary }];
  return await serve(site, () => {
    const { stalls, missedMs } = monitor.ownMachine;
    const sendDelays = vitals().shown?.sendDelays;
    return { targets, watcher: { stalls, missedMs, sendDelays, strays: 0, blind: [] } };
  });
}

/**
 * Serves the figures of a fleet.
 *
 * @param listStatus tells whether its list could be read; `undefined`: there is no list
 * @throws {OperatorError} as {@linkcode serveHttp}
 */
export async function serveFleet(
  fleet: Fleet,
  listStatus: () => ListStatus | undefined,
  site: ClientSiteOptions,
): Promise<HttpServer> {
  return await serve(site, () => ({
    targets: fleet.members.map((member) => watchedMember(member, readNowMs)),
    watcher: fleet.watcher,
    list: listStatus(),
  }));
}

const readNowMs = () => performance.now();

type WatchNow = Pick<Watch, "targets" | "watcher"> & { readonly list?: Watch["list"] };

async function serve(
  { options, falseAlarmEvery = options.falseAlarmEvery, transport, complain }: ClientSiteOptions,
  now: () => WatchNow,
): Promise<HttpServer> {
  const { listen, listenNames: names, maxLosses, intervalMs, timeoutMs } = options;
  const readClocks = openClocks();
  const readWallMs = () => readClocks().wallMs;
  const programFigures = openProgramFigures(VERSION, transport);
  const watch = (): Watch => ({
    ...{ list: undefined, ...now() },
    ...{ maxLosses, intervalMs, timeoutMs, wallMs: readWallMs() },
    falseAlarmEvery: maxLosses === "auto" ? falseAlarmEvery ?? FALSE_ALARM_EVERY : undefined,
    program: programFigures(),
  });
  return await serveHttp({
    ...{ listen: listen!, names, complain },
    pageOf: (asked) => watchPage(asked, watch),
  });
}
