/** The flags that both scripts have. */

import config from "../../deno.json" with { type: "json" };
import { OperatorError } from "../text/operator_error.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { FlagValues, ListFlag, Switch, ValueFlag } from "./flags.ts";
import { hostName, localEndpoint } from "./quantity.ts";

/** Where metrics and pages are served, the key, how much is printed, and in which form. */
export const COMMON_FLAGS: {
  readonly listen: ValueFlag<Endpoint>;
  readonly "listen-name": ListFlag<string>;
  readonly "key-file": ValueFlag<string>;
  readonly quiet: Switch;
  readonly json: Switch;
  readonly help: Switch;
  readonly version: Switch;
} = {
  listen: {
    metavar: "ADDRESS:PORT",
    quantity: localEndpoint,
    help: "serve a page and metrics for Prometheus there, by HTTP, such as 127.0.0.1:9876",
  },
  "listen-name": {
    metavar: "NAME",
    quantity: hostName,
    repeatable: true,
    help: "a name by which browsers and Prometheus may ask for them; repeatable (default: only " +
      "addresses and localhost)",
  },
  "key-file": {
    metavar: "FILE",
    quantity: { accepts: "the name of a file", read: (text) => text },
    help: "secret key of both sides, 16 to 4096 bytes (needs --allow-read=FILE)",
  },
  quiet: { short: "q", help: "no line per heartbeat: only start, changes of state, summary" },
  json: { help: "one JSON object a line" },
  help: { short: "h", help: "print this help" },
  version: { short: "V", help: "print the version" },
};

/** The version of both scripts. */
export const VERSION: string = config.version;

/** The text that `--version` prints. */
export const VERSION_TEXT: string = `udp-heartbeat ${VERSION}`;

/** Where pages are served. */
export interface ListenOptions {
  /** The address and port; `undefined`: nowhere. */
  readonly listen: Endpoint | undefined;
  /** Names by which browsers and Prometheus may ask for them, in small letters. */
  readonly listenNames: readonly string[];
}

/**
 * Reads where pages are served.
 *
 * @throws {OperatorError} when names are given without a place
 */
export function listenOptionsOf(
  flags: Pick<FlagValues<typeof COMMON_FLAGS>, "listen" | "listen-name">,
): ListenOptions {
  const { listen, "listen-name": listenNames } = flags;
  if (listen === undefined && listenNames.length > 0) {
    throw new OperatorError("--listen-name is for --listen; leave it out, or add --listen");
  }
  return { listen, listenNames };
}
