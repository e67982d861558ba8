/**
 * How the programs are started whose soak this is, and the times that follow from it.
 *
 * @module
 */

import { RATE_PER_PREFIX, TOTAL_RATE } from "../../admission/admission.ts";

/** From one heartbeat of the client to the next, milliseconds. */
export const INTERVAL_MS = 100;

/** How long the client waits for a reply, milliseconds. */
export const TIMEOUT_MS = 300;

/** Losses in a row after which the client says that the server has stopped. */
export const MAX_LOSSES = 5;

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

/**
 * So long the programs are warmed up before their memory is read for the first time: by a flood, as one that has only
 * waited has neither compiled its code nor filled its tables.
 */
export const WARM_UP_MS = 5000;

/**
 * How much a program's memory may grow from its first value, MB. In the first minute of floods the collector lets the
 * server's heap grow by 50 to 60 MB more than it had after the warm-up; there it stays.
 */
export const MEMORY_GROWTH_MB = 64;
