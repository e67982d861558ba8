/** How the programs of a soak are started, and the times that follow from it. */

import { RATE_PER_PREFIX, TOTAL_RATE } from "../../lib/admission/admission.ts";

/** From one heartbeat of the client to the next, milliseconds. */
export const INTERVAL_MS = 100;

/** How long the client waits for a reply, milliseconds. */
export const TIMEOUT_MS = 300;

/** Consecutive losses after which the client reports the server as down. */
export const MAX_LOSSES = 5;

/** V8's flag of `deno task server`: without it, floods grow V8's young generation to 64 MB. */
export const SERVER_FLAGS: readonly string[] = [
  "--v8-flags=--max-semi-space-size=8",
  "--allow-net",
];

/** The server's arguments besides its port. Limits that are named hold for this machine, too. */
export const SERVER_ARGS: readonly string[] = [
  "--host=127.0.0.1",
  "--loss=0",
  "--quiet",
  "--json",
  `--rate=${RATE_PER_PREFIX}`,
  `--total-rate=${TOTAL_RATE}`,
];

/**
 * The client's arguments besides its target; it isn't quiet, as each heartbeat's fate is counted.
 */
export const CLIENT_ARGS: readonly string[] = [
  "--watch",
  "--json",
  `--interval=${INTERVAL_MS}ms`,
  `--timeout=${TIMEOUT_MS}ms`,
  `--max-losses=${MAX_LOSSES}`,
];

/** Rate of garbage and floods, datagrams a second. */
export const DATAGRAMS_PER_SECOND = 20_000;

/**
 * Each round begins with this much quiet: at the end of the first, the memory of idle programs is
 * read.
 */
export const LEAD_MS = 5000;

/** How much a program's memory may grow from its first value, MB. */
export const MEMORY_GROWTH_MB = 64;
