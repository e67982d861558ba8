/**
 * Serves what a client knows: metrics and pages. Loaded only where `--listen` is given.
 *
 * @module
 */

import type { ListenOptions } from "../cli/common_flags.ts";
import { ShownFigures } from "../monitor/shown_figures.ts";
import type { SoloMonitor } from "../monitor/solo_monitor.ts";
import { MetricsWriter } from "../views/metrics.ts";
import { watchPage } from "../views/site.ts";
import type { Watch } from "../views/watch.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { type HttpServer, serveHttp } from "./http_server.ts";
import { type AboutRun, soloWatch } from "./watch_now.ts";

/**
 * Serves the figures of a client.
 *
 * @param watch reads them
 * @param complain called when a page can't be made
 * @throws {OperatorError} as {@linkcode serveHttp}
 */
export async function serveWatch(
  watch: () => Watch,
  { listen, listenNames: names }: ListenOptions,
  complain: (text: string) => void,
): Promise<HttpServer> {
  const metrics = new MetricsWriter();
  return await serveHttp({
    ...{ listen: listen!, names, complain },
    pageOf: (asked) => watchPage(asked, watch, metrics),
  });
}

/**
 * Serves the figures of one server.
 *
 * @param target where its heartbeats go
 * @param complain called when a page can't be made
 * @throws {OperatorError} as {@linkcode serveHttp}
 */
export async function serveSolo(
  monitor: SoloMonitor,
  target: Endpoint,
  { complain, ...about }: AboutRun & { readonly complain: (text: string) => void },
): Promise<HttpServer> {
  return await serveWatch(soloWatch(monitor, target, about), about.options, complain);
}

/** Makes what a monitor keeps for those who look on. */
export function makeShown(): ShownFigures {
  return new ShownFigures();
}
