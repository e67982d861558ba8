/**
 * The client's command line.
 *
 * @module
 */

import type { MonitorOptions } from "../monitor/options.ts";
import { MAX_OUTSTANDING } from "../monitor/memory_size.ts";
import { FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { RECOVER_REPLIES } from "../detect/consecutive_losses.ts";
import { formatTime } from "../text/units.ts";
import { COMMON_FLAGS, VERSION_TEXT } from "./common_flags.ts";
import {
  describe,
  describeFlags,
  type FlagValues,
  readFlags,
  type Switch,
  type ValueFlag,
} from "./flags.ts";
import { OperatorError } from "../text/operator_error.ts";
import { localAddress, type Quantity, time, wholeNumber } from "./quantity.ts";
import { readTarget, type Target } from "../fleet/target.ts";

/** What the client was asked to do. */
export interface ClientOptions extends Omit<MonitorOptions, "target" | "protocol"> {
  /** The server, as it was named. */
  readonly target: Target;
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

const SHORTEST_INTERVAL_MS = 0.1;
const LONGEST_INTERVAL_MS = 24 * 3_600_000;
const SHORTEST_TIMEOUT_MS = 1;
const LONGEST_TIMEOUT_MS = 3_600_000;
const SHORTEST_REPORT_MS = 100;
const WATCH_INTERVAL_MS = 1000;

const DEFAULT_COUNT = 100;
const DEFAULT_TIMEOUT_MS = 1000;
const DEFAULT_MAX_LOSSES = 3;

/** A program and its arguments, separated by spaces; no shell reads it. */
const command: Quantity<readonly string[]> = {
  accepts:
    "a program and its arguments, parted by spaces; no shell reads it, so quotes have no meaning",
  read(text) {
    const words = text.split(/\s+/).filter((word) => word !== "");
    return words.length > 0 ? words : undefined;
  },
};

/** The flags of `client.ts`. */
export const CLIENT_FLAGS: {
  readonly count: ValueFlag<number>;
  readonly interval: ValueFlag<number>;
  readonly timeout: ValueFlag<number>;
  readonly "max-losses": ValueFlag<number | "auto">;
  readonly "false-alarms": ValueFlag<number>;
  readonly "probe-fast": Switch;
  readonly watch: Switch;
  readonly recover: ValueFlag<number>;
  readonly "on-down": ValueFlag<readonly string[]>;
  readonly "on-up": ValueFlag<readonly string[]>;
  readonly "on-unknown": ValueFlag<readonly string[]>;
  readonly ipv4: Switch;
  readonly ipv6: Switch;
  readonly source: ValueFlag<string>;
  readonly report: ValueFlag<number>;
  readonly stats: Switch;
} & typeof COMMON_FLAGS = {
  count: {
    short: "c",
    metavar: "N",
    quantity: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    help: `heartbeats to send; 0: until stopped, one a second unless -i says else (default ` +
      `${DEFAULT_COUNT})`,
  },
  interval: {
    short: "i",
    metavar: "TIME",
    quantity: time(SHORTEST_INTERVAL_MS, LONGEST_INTERVAL_MS, true),
    help: "time between heartbeats; 0: send the next when the last is answered or lost (default 0)",
  },
  timeout: {
    short: "t",
    metavar: "TIME",
    quantity: time(SHORTEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS),
    help: `how long to wait for a reply (default ${formatTime(DEFAULT_TIMEOUT_MS)})`,
  },
  "max-losses": {
    short: "m",
    metavar: "N",
    quantity: {
      accepts: "auto, or a whole number from 0 (never stop) to 10000",
      read: (text) => text === "auto" ? text : wholeNumber(0, 10_000).read(text),
    },
    help: "losses in a row after which the server is assumed to have stopped; 0: measure on; " +
      `auto: learn the number (default ${DEFAULT_MAX_LOSSES})`,
  },
  "false-alarms": {
    metavar: "N",
    quantity: wholeNumber(10, 1_000_000_000),
    help: "with --max-losses auto: at most one false alarm in N heartbeats " +
      `(default ${FALSE_ALARM_EVERY})`,
  },
  "probe-fast": {
    help: "after a missed reply, ask again at once; not for links that fail in bursts",
  },
  watch: {
    short: "w",
    help: "go on through outages, and report them; then -i 1s and -c 0 unless given",
  },
  recover: {
    metavar: "N",
    quantity: wholeNumber(1, 1000),
    help: "with --watch: replies in a row after which a stopped server is up again " +
      `(default ${RECOVER_REPLIES})`,
  },
  "on-down": {
    metavar: "COMMAND",
    quantity: command,
    help: "run this when the server is assumed to have stopped (needs --allow-run)",
  },
  "on-up": {
    metavar: "COMMAND",
    quantity: command,
    help: "with --watch: run this when it is up again",
  },
  "on-unknown": {
    metavar: "COMMAND",
    quantity: command,
    help: "run this when this machine can't ask it any more",
  },
  ipv4: { short: "4", help: "use IPv4" },
  ipv6: { short: "6", help: "use IPv6" },
  source: {
    metavar: "ADDRESS",
    quantity: localAddress,
    help: "local address to send from (default: the system's choice)",
  },
  report: {
    metavar: "TIME",
    quantity: time(SHORTEST_REPORT_MS, LONGEST_INTERVAL_MS),
    help: "print interim figures at this interval",
  },
  stats: { help: "print every figure in the summary" },
  ...COMMON_FLAGS,
};

/** The text that `client.ts --help` prints. */
export const CLIENT_HELP: string = `${
  describe("Sends UDP heartbeats, measures, and says whether the server is alive.")
}

Usage: client.ts [HOST[:PORT]] [flags]
       default localhost:12000; [::1]:12000 for IPv6

${describeFlags(CLIENT_FLAGS)}

${
  describe(
    "TIME is a number with ms, s, m or h; a bare number is seconds. Exit codes: 0 alive at the " +
      "end, 1 assumed to have stopped or did not answer, 2 wrong usage or could not start, " +
      "3 unknown: at the end this machine could not ask.",
  )
}`;

/**
 * Reads the client's command line. Returns its options, or a text to print instead of sending.
 *
 * @throws {OperatorError} when a flag, a value or an argument is wrong
 */
export function readClientOptions(args: readonly string[]): ClientOptions | { print: string } {
  const { flags, positionals } = readFlags(CLIENT_FLAGS, args);
  if (flags.help) return { print: CLIENT_HELP };
  if (flags.version) return { print: VERSION_TEXT };
  if (positionals.length > 1) {
    throw new OperatorError(
      `unexpected argument ${positionals[1]}; expected one server, HOST or HOST:PORT`,
    );
  }
  return clientOptionsOf(flags, positionals[0]);
}

/**
 * Makes the client's options from its flags.
 *
 * @param server as it was named; left out: the default
 * @throws {OperatorError} when flags contradict each other, or can have no effect
 */
export function clientOptionsOf(
  flags: FlagValues<typeof CLIENT_FLAGS>,
  server = "localhost:12000",
): ClientOptions {
  if (flags.ipv4 && flags.ipv6) throw new OperatorError("-4 and -6 exclude each other; give one");
  const maxLosses = flags["max-losses"] ?? DEFAULT_MAX_LOSSES;
  refuseIdle(flags, maxLosses);
  const count = flags.count ?? (flags.watch ? 0 : DEFAULT_COUNT);
  const intervalMs = flags.interval ?? (flags.watch || count === 0 ? WATCH_INTERVAL_MS : 0);
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
    target: readTarget(server),
    count,
    intervalMs,
    timeoutMs,
    maxLosses,
    falseAlarmEvery: flags["false-alarms"],
    probeFast: flags["probe-fast"],
    watch: flags.watch,
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
      flags.recover !== undefined && !flags.watch,
      "--recover is for --watch: without it the run ends when the server is given up",
    ],
    [
      flags["on-up"] !== undefined && !flags.watch,
      "--on-up is for --watch: without it the run ends when the server is given up",
    ],
    [flags.stats && flags.json, "--stats is for people: --json has every figure"],
  ];
  for (const [applies, why] of idle) {
    if (applies) throw new OperatorError(`${why}; leave one of them out, or add the other`);
  }
}
