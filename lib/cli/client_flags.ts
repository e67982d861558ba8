/**
 * The flags of `client.ts`, and its help.
 *
 * @module
 */

import { FALSE_ALARM_EVERY } from "../detect/adaptive_limit.ts";
import { RECOVER_REPLIES } from "../detect/consecutive_losses.ts";
import type { Threshold } from "../report/check_line.ts";
import { formatTime } from "../text/units.ts";
import { COMMON_FLAGS } from "./common_flags.ts";
import { describe, describeFlags, type Switch, type ValueFlag } from "./flags.ts";
import { localAddress, type Quantity, share, time, wholeNumber } from "./quantity.ts";

const SHORTEST_INTERVAL_MS = 0.1;
const LONGEST_INTERVAL_MS = 24 * 3_600_000;
const SHORTEST_TIMEOUT_MS = 1;
const LONGEST_TIMEOUT_MS = 3_600_000;
const SHORTEST_REPORT_MS = 100;
const SHORTEST_REMIND_MS = 1000;
/** The interval of runs without an end, milliseconds. */
export const WATCH_INTERVAL_MS = 1000;

/** Heartbeats of a run that has an end. */
export const DEFAULT_COUNT = 100;

/** How long a reply is awaited, milliseconds. */
export const DEFAULT_TIMEOUT_MS = 1000;

/** Losses in a row after which a server is given up. */
export const DEFAULT_MAX_LOSSES = 3;

/** A program and its arguments, separated by spaces; no shell reads it. */
const command: Quantity<readonly string[]> = {
  accepts:
    "a program and its arguments, parted by spaces; no shell reads it, so quotes have no meaning",
  read(text) {
    const words = text.split(/\s+/).filter((word) => word !== "");
    return words.length > 0 ? words : undefined;
  },
};

/** A mean round trip and a loss, from which on something is wrong. */
const threshold: Quantity<Threshold> = {
  accepts: "a round trip and a share that is lost, such as 200ms,40%",
  read(text) {
    const [rtt = "", loss = "", ...more] = text.split(",");
    const rttMs = time(SHORTEST_INTERVAL_MS, LONGEST_TIMEOUT_MS).read(rtt);
    const lossShare = share.read(loss);
    if (rttMs === undefined || lossShare === undefined || more.length > 0) return undefined;
    return { rttMs, lossShare };
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
  readonly remind: ValueFlag<number>;
  readonly ipv4: Switch;
  readonly ipv6: Switch;
  readonly source: ValueFlag<string>;
  readonly report: ValueFlag<number>;
  readonly targets: ValueFlag<string>;
  readonly check: Switch;
  readonly warning: ValueFlag<Threshold>;
  readonly critical: ValueFlag<Threshold>;
  readonly "time-limit": ValueFlag<number>;
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
  remind: {
    metavar: "TIME",
    quantity: time(SHORTEST_REMIND_MS, LONGEST_INTERVAL_MS),
    help: "with --watch: run --on-down again this often while it is down",
  },
  ipv4: { short: "4", help: "use IPv4" },
  ipv6: { short: "6", help: "use IPv6" },
  source: {
    metavar: "ADDRESS",
    quantity: localAddress,
    help: "local address to send from (default: the system's choice)",
  },
  targets: {
    metavar: "FILE",
    quantity: { accepts: "a file, or - for standard input", read: (text) => text },
    help: "watch all servers of this list, one a line; SIGHUP reads it again",
  },
  report: {
    metavar: "TIME",
    quantity: time(SHORTEST_REPORT_MS, LONGEST_INTERVAL_MS),
    help: "print interim figures at this interval",
  },
  check: {
    help: "ask five times, and print the line of a Nagios plugin; exit codes 0, 1, 2 and 3 as it " +
      "has them",
  },
  warning: {
    short: "W",
    metavar: "TIME,SHARE",
    quantity: threshold,
    help: "with --check: warn from this mean round trip or loss on (default 200ms,40%)",
  },
  critical: {
    short: "C",
    metavar: "TIME,SHARE",
    quantity: threshold,
    help: "with --check: be critical from here on (default 500ms,80%)",
  },
  "time-limit": {
    metavar: "TIME",
    quantity: time(SHORTEST_REPORT_MS, LONGEST_TIMEOUT_MS),
    help: "with --check: end by then in any case (default 10s)",
  },
  stats: { help: "print every figure in the summary" },
  ...COMMON_FLAGS,
};

/** The text that `client.ts --help` prints; made only when it is asked for. */
export function clientHelp(): string {
  return `${describe("Sends UDP heartbeats, measures, and says whether the server is alive.")}

Usage: client.ts [HOST[:PORT] ...] [flags]
       default localhost:12000; [::1]:12000 for IPv6; several: watch them all

${describeFlags(CLIENT_FLAGS)}

${
    describe(
      "TIME is a number with ms, s, m or h; a bare number is seconds. Exit codes: 0 alive at the " +
        "end, 1 assumed to have stopped or did not answer, 2 wrong usage or could not start, " +
        "3 unknown: at the end this machine could not ask. Of several servers, the worst counts.",
    )
  }`;
}
