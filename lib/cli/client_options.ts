/**
 * The client's command line.
 *
 * @module
 */

import type { MonitorOptions } from "../monitor/options.ts";
import { MAX_OUTSTANDING } from "../monitor/memory_size.ts";
import { formatTime } from "../text/units.ts";
import type { CheckThresholds } from "../report/check_line.ts";
import { OperatorError } from "../text/operator_error.ts";
import { readTarget, type Target } from "../fleet/target.ts";
import {
  CLIENT_FLAGS,
  clientHelp,
  DEFAULT_COUNT,
  DEFAULT_MAX_LOSSES,
  DEFAULT_TIMEOUT_MS,
  WATCH_INTERVAL_MS,
} from "./client_flags.ts";
import { type ListenOptions, listenOptionsOf, VERSION_TEXT } from "./common_flags.ts";
import { type FlagValues, readFlags } from "./flags.ts";

/** Many servers to watch. */
export interface FleetRequest {
  /** Those of the command line, as they were written. */
  readonly named: readonly string[];
  /** The file that lists more, `-` for standard input; `undefined`: there is none. */
  readonly file: string | undefined;
}

const DEFAULT_SERVER = "localhost:12000";

/** What check_icmp has, so that one replaces the other. */
const [CHECK_COUNT, CHECK_INTERVAL_MS, TIME_LIMIT_MS] = [5, 80, 10_000];
const WARNING = { rttMs: 200, lossShare: 0.4 };
const CRITICAL = { rttMs: 500, lossShare: 0.8 };

const NOT_WITH_CHECK = [
  "watch",
  "max-losses",
  "false-alarms",
  "probe-fast",
  "recover",
  "on-down",
  "on-up",
  "on-unknown",
  "remind",
  "report",
  "stats",
  "listen",
  "quiet",
  "json",
] as const;

/** What a plugin's check was asked for. */
export interface CheckRequest extends CheckThresholds {
  /** It ends by then in any case, milliseconds from its start. */
  readonly timeLimitMs: number;
}

/** What the client was asked to do. */
export interface ClientOptions
  extends ListenOptions, Omit<MonitorOptions, "target" | "protocol" | "makeShown"> {
  /** The server, as it was named; the first of several. */
  readonly target: Target;
  /** What to watch beside it; `undefined`: one server alone. */
  readonly fleet: FleetRequest | undefined;
  /** When a plugin's check warns, and how long it may take; `undefined`: it is no check. */
  readonly check: CheckRequest | undefined;
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
  /** How often the first is run again while the server is down; `undefined`: never. */
  readonly remindEveryMs: number | undefined;
  /** The file that holds the key; `undefined`: replies need no key. */
  readonly keyFile: string | undefined;
  /** Whether to leave out the lines for single heartbeats. */
  readonly quiet: boolean;
  /** Whether a terminal shows figures in place, and no line for each heartbeat. */
  readonly live: boolean;
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
  if (flags.help) return { print: clientHelp() };
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
  const check = checkOf(flags);
  const maxLosses = check === undefined ? flags["max-losses"] ?? DEFAULT_MAX_LOSSES : 0;
  const isFleet = servers.length > 1 || flags.targets !== undefined || check !== undefined;
  const listening = listenOptionsOf(flags);
  const watch = flags.watch || isFleet || listening.listen !== undefined;
  refuseIdle(flags, watch, maxLosses);
  const count = flags.count ?? (check !== undefined ? CHECK_COUNT : watch ? 0 : DEFAULT_COUNT);
  const usualMs = check !== undefined
    ? CHECK_INTERVAL_MS
    : watch || count === 0
    ? WATCH_INTERVAL_MS
    : 0;
  const intervalMs = flags.interval ?? usualMs;
  if (isFleet && intervalMs === 0) {
    throw new OperatorError(
      "--interval 0 is for one server: several are asked in turn; expected a time such as 1s",
    );
  }
  if (check !== undefined && count === 0) {
    throw new OperatorError("--count 0 has no end, and --check needs one; expected 1 or more");
  }
  const named = servers.length > 0 || flags.targets !== undefined ? servers : [DEFAULT_SERVER];
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
    ...listening,
    target: readTarget(servers[0] ?? DEFAULT_SERVER),
    fleet: isFleet ? { named, file: flags.targets } : undefined,
    check,
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
    remindEveryMs: flags.remind,
    family: flags.ipv4 ? 4 : flags.ipv6 ? 6 : undefined,
    source: flags.source,
    reportEveryMs: flags.report,
    keyFile: flags["key-file"],
    quiet: flags.quiet,
    live: watch && !flags.quiet && !flags.json,
    stats: flags.stats,
    json: flags.json,
  };
}

/** Reads what a plugin's check is asked for, and refuses what it can't do. */
function checkOf(flags: FlagValues<typeof CLIENT_FLAGS>): CheckRequest | undefined {
  const { warning = WARNING, critical = CRITICAL } = flags;
  const timeLimitMs = flags["time-limit"] ?? TIME_LIMIT_MS;
  const given = (names: readonly (keyof typeof flags)[]) =>
    names.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (!flags.check) {
    const idle = given(["warning", "critical", "time-limit"]);
    if (idle === undefined) return undefined;
    throw new OperatorError(`--${idle} is for --check; leave it out, or add --check`);
  }
  const idle = given(NOT_WITH_CHECK);
  if (idle !== undefined) {
    throw new OperatorError(
      `--${idle} has no effect beside --check, which asks a few times and prints one line; ` +
        "leave one of them out",
    );
  }
  return { warning, critical, timeLimitMs };
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
    [
      flags.remind !== undefined && (!watch || flags["on-down"] === undefined),
      "--remind runs --on-down again, and needs it and --watch",
    ],
    [flags.stats && flags.json, "--stats is for people: --json has every figure"],
  ];
  for (const [applies, why] of idle) {
    if (applies) throw new OperatorError(`${why}; leave one of them out, or add the other`);
  }
}
