/**
 * The client's command line.
 *
 * @module
 */

import type { MonitorOptions } from "../monitor/options.ts";
import { MAX_OUTSTANDING } from "../monitor/memory_size.ts";
import { formatTime } from "../text/units.ts";
import { OperatorError } from "../text/operator_error.ts";
import { readTarget, type Target } from "../fleet/target.ts";
import {
  CLIENT_FLAGS,
  CLIENT_HELP,
  DEFAULT_COUNT,
  DEFAULT_MAX_LOSSES,
  DEFAULT_TIMEOUT_MS,
  WATCH_INTERVAL_MS,
} from "./client_flags.ts";
import { VERSION_TEXT } from "./common_flags.ts";
import { type FlagValues, readFlags } from "./flags.ts";

/** Many servers to watch. */
export interface FleetRequest {
  /** Those of the command line, as they were written. */
  readonly named: readonly string[];
  /** The file that lists more, `-` for standard input; `undefined`: there is none. */
  readonly file: string | undefined;
}

/** What the client was asked to do. */
export interface ClientOptions extends Omit<MonitorOptions, "target" | "protocol"> {
  /** The server, as it was named; the first of several. */
  readonly target: Target;
  /** What to watch beside it; `undefined`: one server alone. */
  readonly fleet: FleetRequest | undefined;
  /** The address family of a name; `undefined`: any. */
  readonly family: 4 | 6 | undefined;
  /** The local address to send from; `undefined`: the system's choice. */
  readonly source: string | undefined;
  /** The program to run when the server is assumed to have stopped, and its arguments. */
  readonly onDown: readonly string[] | undefined;
  /** The program to run when the server is up again, and its arguments. */
  readonly onUp: readonly string[] | undefined;
  /** The program to run when nothing is known of the server any more, and its arguments. */
  readonly onUnknown: readonly string[] | undefined;
  /** The file that holds the key; `undefined`: replies need no key. */
  readonly keyFile: string | undefined;
  /** Whether to leave out the lines for single heartbeats. */
  readonly quiet: boolean;
  /** Whether the summary has every figure. */
  readonly stats: boolean;
  /** Whether to print JSON. */
  readonly json: boolean;
}

/**
 * Reads the client's command line. Returns its options, or a text to print instead of sending.
 *
 * @throws {OperatorError} when a flag, a value or an argument is wrong
 */
export function readClientOptions(args: readonly string[]): ClientOptions | { print: string } {
  const { flags, positionals } = readFlags(CLIENT_FLAGS, args);
  if (flags.help) return { print: CLIENT_HELP };
  if (flags.version) return { print: VERSION_TEXT };
  return clientOptionsOf(flags, positionals);
}

/**
 * Makes the client's options from its flags.
 *
 * @param servers as they were named; none: the default
 * @throws {OperatorError} when flags contradict each other, or can have no effect
 */
export function clientOptionsOf(
  flags: FlagValues<typeof CLIENT_FLAGS>,
  servers: readonly string[] = [],
): ClientOptions {
  if (flags.ipv4 && flags.ipv6) throw new OperatorError("-4 and -6 exclude each other; give one");
  const maxLosses = flags["max-losses"] ?? DEFAULT_MAX_LOSSES;
  const isFleet = servers.length > 1 || flags.targets !== undefined;
  const watch = flags.watch || isFleet;
  refuseIdle(flags, watch, maxLosses);
  const count = flags.count ?? (watch ? 0 : DEFAULT_COUNT);
  const intervalMs = flags.interval ?? (watch || count === 0 ? WATCH_INTERVAL_MS : 0);
  if (isFleet && intervalMs === 0) {
    throw new OperatorError(
      "--interval 0 is for one server: several are asked in turn; expected a time such as 1s",
    );
  }
  const timeoutMs = flags.timeout ?? DEFAULT_TIMEOUT_MS;
  // Half of the ledger's capacity: after a standstill of this machine, twice as many may be in
  // flight.
  const shortestMs = timeoutMs / (MAX_OUTSTANDING / 2);
  if (intervalMs > 0 && intervalMs < shortestMs) {
    const [interval, timeout] = [formatTime(intervalMs), formatTime(timeoutMs)];
    const shortest = formatTime(Math.ceil(shortestMs * 10) / 10);
    throw new OperatorError(
      `--interval ${interval} and --timeout ${timeout} would keep more than ` +
        `${MAX_OUTSTANDING / 2} heartbeats waiting; expected an interval of at least ` +
        `${shortest}, or a shorter timeout`,
    );
  }
  return {
    target: readTarget(servers[0] ?? "localhost:12000"),
    fleet: isFleet ? { named: servers, file: flags.targets } : undefined,
    count,
    intervalMs,
    timeoutMs,
    maxLosses,
    falseAlarmEvery: flags["false-alarms"],
    probeFast: flags["probe-fast"],
    watch,
    recover: flags.recover,
    onDown: flags["on-down"],
    onUp: flags["on-up"],
    onUnknown: flags["on-unknown"],
    family: flags.ipv4 ? 4 : flags.ipv6 ? 6 : undefined,
    source: flags.source,
    reportEveryMs: flags.report,
    keyFile: flags["key-file"],
    quiet: flags.quiet,
    stats: flags.stats,
    json: flags.json,
  };
}

/** Refuses flags that can have no effect beside the others: whoever gives them expects one. */
function refuseIdle(
  flags: FlagValues<typeof CLIENT_FLAGS>,
  watch: boolean,
  maxLosses: ClientOptions["maxLosses"],
): void {
  const never = "--max-losses 0 never gives one";
  const idle: readonly (readonly [idle: boolean, why: string])[] = [
    [flags.watch && maxLosses === 0, `--watch needs a verdict to report, and ${never}`],
    [
      flags["on-down"] !== undefined && maxLosses === 0,
      `--on-down needs a verdict to run on, and ${never}`,
    ],
    [
      flags["probe-fast"] && maxLosses === 0,
      `--probe-fast is for a sooner verdict, and ${never}`,
    ],
    [
      flags["false-alarms"] !== undefined && maxLosses !== "auto",
      "--false-alarms is for --max-losses auto, which learns how many losses that takes",
    ],
    [
      flags.recover !== undefined && !watch,
      "--recover is for --watch: without it the run ends when the server is given up",
    ],
    [
      flags["on-up"] !== undefined && !watch,
      "--on-up is for --watch: without it the run ends when the server is given up",
    ],
    [flags.stats && flags.json, "--stats is for people: --json has every figure"],
  ];
  for (const [applies, why] of idle) {
    if (applies) throw new OperatorError(`${why}; leave one of them out, or add the other`);
  }
}
