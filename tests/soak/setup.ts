/**
 * How the programs are started whose soak this is, and the times that follow from it.
 *
 * @module
 */

import { RATE_PER_PREFIX, TOTAL_RATE } from "../../lib/admission/admission.ts";

/** From one heartbeat of the client to the next, milliseconds. */
export const INTERVAL_MS = 100;

/** How long the client waits for a reply, milliseconds. */
export const TIMEOUT_MS = 300;

/** Losses in a row after which the client says that the server has stopped. */
export const MAX_LOSSES = 5;

/** What `deno task server` gives Deno, so that days of floods don't let V8's young generation grow to 64 MB. */
export const SERVER_DENO_ARGS: readonly string[] = ["--v8-flags=--max-semi-space-size=8"];

/**
 * What the server is given besides its address and port: the default limits, which are for this machine, too, once
 * they are asked for.
 */
export const SERVER_ARGS: readonly string[] = [
  ...["--loss", "0", "--quiet", "--json"],
  ...["--rate", `${RATE_PER_PREFIX}`, "--total-rate", `${TOTAL_RATE}`],
];

/** What the client is given besides its target; it isn't quiet, as each heartbeat's fate is counted. */
export const CLIENT_ARGS: readonly string[] = [
  ...["--watch", "--json"],
  ...["--interval", `${INTERVAL_MS}ms`, "--timeout", `${TIMEOUT_MS}ms`],
  ...["--max-losses", `${MAX_LOSSES}`],
];

/** Garbage and floods come at this rate, datagrams a second. */
export const DATAGRAMS_PER_SECOND = 20_000;

/** Each round begins with so much quiet: at the end of the first one, memory is read of idle programs. */
export const LEAD_MS = 5000;

/** How much a program's memory may grow from its first value, MB. */
export const MEMORY_GROWTH_MB = 64;
