/**
 * What is served at which path.
 *
 * @module
 */

import { clientsPage } from "./clients_page.ts";
import { fleetPage } from "./fleet_page.ts";
import { ICON } from "./state_mark.ts";
import { STYLE } from "./style.ts";
import { noTargetPage, targetPage } from "./target_page.ts";
import { clientsJson } from "./clients_json.ts";
import type { Asked } from "./http_request.ts";
import type { MetricsWriter } from "./metrics.ts";
import { serverMetrics } from "./server_metrics.ts";
import type { ServerView } from "./server_view.ts";
import { targetsJson } from "./targets_json.ts";
import type { Watch } from "./watch.ts";

/** Something to read. */
export interface Page {
  /** Its kind, as the header `Content-Type` has it. */
  readonly type: string;
  /** The status of HTTP; left out: 200. */
  readonly status?: number;
  /** Its text; or what makes a long one, in pieces that are soon made. */
  readonly text: string | (() => Iterable<string>);
}

const METRICS = "text/plain; version=0.0.4; charset=utf-8";
const JSON_TEXT = "application/json; charset=utf-8";
const PLAIN_TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";

/**
 * The page of a client at a path; `undefined`: there is none.
 *
 * @param metrics writes its metrics
 */
export function watchPage(
  { path, query }: Asked,
  watch: () => Watch,
  metrics: MetricsWriter,
): Page | undefined {
  switch (path) {
    case "/":
      return { type: HTML, text: () => fleetPage(watch(), query) };
    case "/target": {
      const pieces = targetPage(watch(), query);
      if (pieces === undefined) {
        return { type: HTML, status: 404, text: [...noTargetPage()].join("") };
      }
      return { type: HTML, text: () => pieces };
    }
    case "/metrics":
      return { type: METRICS, text: () => metrics.write(watch()) };
    case "/api/targets":
      return { type: JSON_TEXT, text: () => targetsJson(watch()) };
    default:
      return commonPage(path);
  }
}

/** The page of a server at a path; `undefined`: there is none. */
export function serverPage({ path, query }: Asked, server: () => ServerView): Page | undefined {
  switch (path) {
    case "/":
      return { type: HTML, text: () => clientsPage(server(), query) };
    case "/metrics":
      return { type: METRICS, text: () => serverMetrics(server()) };
    case "/api/clients":
      return { type: JSON_TEXT, text: () => clientsJson(server()) };
    default:
      return commonPage(path);
  }
}

function commonPage(path: string): Page | undefined {
  switch (path) {
    case "/-/healthy":
      return { type: PLAIN_TEXT, text: "Healthy.\n" };
    case "/style.css":
      return { type: "text/css; charset=utf-8", text: STYLE };
    case "/icon.svg":
      return { type: "image/svg+xml", text: ICON };
    default:
      return undefined;
  }
}
