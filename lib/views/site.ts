/**
 * What is served at which path.
 *
 * @module
 */

import { clientsJson } from "./clients_json.ts";
import type { Asked } from "./http_request.ts";
import { watchMetrics } from "./metrics.ts";
import { serverMetrics } from "./server_metrics.ts";
import type { ServerView } from "./server_view.ts";
import { targetsJson } from "./targets_json.ts";
import type { Watch } from "./watch.ts";

/** Something to read. */
export interface Page {
  /** Its kind, as the header `Content-Type` has it. */
  readonly type: string;
  /** Its text, in pieces that are soon made. */
  readonly text: Iterable<string>;
}

const METRICS = "text/plain; version=0.0.4; charset=utf-8";
const JSON_TEXT = "application/json; charset=utf-8";
const PLAIN_TEXT = "text/plain; charset=utf-8";

/** The page of a client at a path; `undefined`: there is none. */
export function watchPage({ path }: Asked, watch: () => Watch): Page | undefined {
  switch (path) {
    case "/metrics":
      return { type: METRICS, text: watchMetrics(watch()) };
    case "/api/targets":
      return { type: JSON_TEXT, text: targetsJson(watch()) };
    default:
      return commonPage(path);
  }
}

/** The page of a server at a path; `undefined`: there is none. */
export function serverPage({ path }: Asked, server: () => ServerView): Page | undefined {
  switch (path) {
    case "/metrics":
      return { type: METRICS, text: serverMetrics(server()) };
    case "/api/clients":
      return { type: JSON_TEXT, text: clientsJson(server()) };
    default:
      return commonPage(path);
  }
}

function commonPage(path: string): Page | undefined {
  return path === "/-/healthy" ? { type: PLAIN_TEXT, text: ["Healthy.\n"] } : undefined;
}
