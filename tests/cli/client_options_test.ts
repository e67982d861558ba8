import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { CLIENT_FLAGS } from "../../lib/cli/client_flags.ts";
import { readClientOptions } from "../../lib/cli/client_options.ts";
import { SERVER_FLAGS } from "../../lib/cli/server_options.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";

const DETECT = "--false-alarms 100000 --probe-fast --recover=5 --on-up=true".split(" ");

Deno.test("the client's defaults are those of the contract", () => {
  assertEquals(readClientOptions([]), {
    listen: undefined,
    listenNames: [],
    target: { host: "localhost", port: 12000 },
    fleet: undefined,
    check: undefined,
    count: 100,
    intervalMs: 0,
    timeoutMs: 1000,
    maxLosses: 3,
    falseAlarmEvery: undefined,
    probeFast: false,
    watch: false,
    recover: undefined,
    onDown: undefined,
    onUp: undefined,
    onUnknown: undefined,
    remindEveryMs: undefined,
    family: undefined,
    source: undefined,
    reportEveryMs: undefined,
    keyFile: undefined,
    quiet: false,
    live: false,
    stats: false,
    json: false,
  });
});

Deno.test("the client's flags are read, long and short", () => {
  const expected = {
    listen: { hostname: "127.0.0.1", port: 9876 },
    listenNames: ["a.example", "b.example"],
    target: { host: "::1", port: 9 },
    fleet: undefined,
    check: undefined,
    count: 5,
    intervalMs: 20,
    timeoutMs: 300,
    maxLosses: "auto" as const,
    falseAlarmEvery: 100_000,
    probeFast: true,
    watch: true,
    recover: 5,
    onDown: ["mail", "-s", "down"],
    onUp: ["true"],
    onUnknown: ["page", "me"],
    remindEveryMs: undefined,
    family: 6 as const,
    source: "::1",
    reportEveryMs: 10_000,
    keyFile: "secret.key",
    quiet: true,
    live: false,
    stats: false,
    json: true,
  };
  const rest = [
    "--listen=127.0.0.1:9876",
    "--listen-name=a.example",
    "--listen-name=B.example.",
    "--source=::1",
    "--json",
    "--report",
    "10",
    "--key-file=secret.key",
    "--on-unknown=page me",
    "--on-down",
    " mail -s  down",
    ...DETECT,
  ];
  const long = ["--count=5", "--interval=20ms", "--timeout", "0.3", "--max-losses=auto", "--watch"];
  const short = ["-c5", "-i", "20ms", "-t", "300ms", "-m", "auto", "-wq", "-6"];
  assertEquals(readClientOptions([...long, "--quiet", "--ipv6", "[::1]:9", ...rest]), expected);
  assertEquals(readClientOptions(["[::1]:9", ...short, ...rest]), expected);
});

Deno.test("without an end, heartbeats leave every second unless the interval is given", () => {
  const pace = (...args: string[]) => {
    const options = readClientOptions(args);
    return "print" in options ? undefined : [options.count, options.intervalMs];
  };
  assertEquals(pace("--count", "0"), [0, 1000]);
  assertEquals(pace("--watch"), [0, 1000]);
  assertEquals(pace("--watch", "--count", "5"), [5, 1000]);
  assertEquals(pace("--count", "0", "--interval", "0"), [0, 0]);
  assertEquals(pace("--watch", "--interval", "10s"), [0, 10_000]);
});

Deno.test("a check asks five times, as check_icmp does, unless it is told otherwise", () => {
  const asked = (...args: string[]) => {
    const options = readClientOptions(["--check", ...args]);
    if ("print" in options) return undefined;
    const { count, intervalMs, maxLosses, fleet, check } = options;
    return [count, intervalMs, maxLosses, fleet!.named, check];
  };
  const limits = {
    warning: { rttMs: 200, lossShare: 0.4 },
    critical: { rttMs: 500, lossShare: 0.8 },
    timeLimitMs: 10_000,
  };
  assertEquals(asked(), [5, 80, 0, ["localhost:12000"], limits]);
  const own = ["a", "b:1", "-c", "2", "-i", "1s", "-W", "10ms,5%", "-C", "0.5,0.5"];
  assertEquals(asked(...own, "--time-limit", "1m"), [2, 1000, 0, ["a", "b:1"], {
    warning: { rttMs: 10, lossShare: 0.05 },
    critical: { rttMs: 500, lossShare: 0.5 },
    timeLimitMs: 60_000,
  }]);
  assertEquals(asked("--targets", "-"), [5, 80, 0, [], limits]);
});

Deno.test("wrong usage of the client is explained in one line, with the accepted values", () => {
  const table: [string, string][] = [
    ["--count 1.5", "--count can't be 1.5: expected a whole number from 0"],
    ["--interval 0.05ms", "expected a time from 0.1ms to 24h, or 0, such as"],
    ["--timeout 0", "--timeout can't be 0: expected a time from 1ms to 1h such as"],
    ["--max-losses some", "--max-losses can't be some: expected auto, or a whole number from 0"],
    ["--watch --max-losses 0", "--watch needs a verdict to report"],
    ["-c -5", "--count can't be -5: expected a whole number from 0"],
    ["--watch --max-losses 0", "--watch needs a verdict to report, and --max-losses 0 never"],
    ["--on-down true -m 0", "--on-down needs a verdict to run on, and --max-losses 0 never"],
    ["--probe-fast --max-losses 0", "--probe-fast is for a sooner verdict, and --max-losses 0"],
    ["--false-alarms 100", "--false-alarms is for --max-losses auto"],
    ["--false-alarms 100 -m 5", "--false-alarms is for --max-losses auto"],
    ["--recover 3", "--recover is for --watch"],
    ["--on-up true", "--on-up is for --watch"],
    ["--remind 1h -w", "--remind runs --on-down again, and needs it and --watch"],
    ["--remind 1h --on-down true", "--remind runs --on-down again, and needs it and --watch"],
    ["--remind 1ms", "--remind can't be 1ms: expected a time from 1s to 24h such as"],
    ["--stats --json", "--stats is for people: --json has every figure"],
    ["--coutn 5", "unknown flag --coutn; did you mean --count?"],
    ["-4 -6", "-4 and -6 exclude each other"],
    ["--interval 1ms --timeout 1h", "expected an interval of at least 109.9ms"],
    ["one two -i 0", "--interval 0 is for one server: several are asked in turn; expected a time"],
    ["--check -c 0", "--count 0 has no end, and --check needs one"],
    [
      "--check -W 200ms",
      "--warning can't be 200ms: expected a round trip and a share that is lost",
    ],
    ["--check -C 1s,2%,3", "--critical can't be 1s,2%,3: expected a round trip and a share"],
    ["--check --json", "--json has no effect beside --check"],
    ["-W 200ms,40%", "--warning is for --check; leave it out, or add --check"],
    ["--time-limit 5s", "--time-limit is for --check"],
    ["host:x", "can't read the server host:x"],
    ["--loss 5%", "unknown flag --loss"],
  ];
  for (const [line, message] of table) {
    const error = assertThrows(() => readClientOptions(line.split(" ")), OperatorError, message);
    assertMatch(error.message, /^[^\n]+$/);
  }
});

Deno.test("the client's help names every flag and fits a terminal; --version is a version", () => {
  const printed = (flag: string) => (readClientOptions([flag]) as { print: string }).print;
  assertMatch(printed("-V"), /^udp-heartbeat \d+\.\d+\.\d+$/);
  const help = printed("--help");
  assertEquals(printed("-h"), help);
  for (const text of ["(default 10000)", "is up again (default 2)"]) {
    assertStringIncludes(help.replace(/\n +/g, " "), text);
  }
  for (const flag of ["-c, --count N", "-i, --interval TIME", "-m, --max-losses", "-w, --watch"]) {
    assertStringIncludes(help, flag);
  }
  for (const line of help.split("\n")) assert(line.length <= 80, line);
});

Deno.test("flags that have an effect beside the others are accepted", () => {
  for (
    const line of [
      "--on-down true",
      "--on-unknown true",
      "--on-unknown true -m 0",
      "--false-alarms 100 -m auto",
      "--probe-fast -m 3",
      "--watch --recover 3 --on-up true",
      "--stats --quiet",
      "-- -c 1",
      "--no-watch --no-quiet",
    ]
  ) assert(!("print" in readClientOptions(line.split(" "))), line);
});

Deno.test("every example in a message about a value is accepted by its flag", () => {
  let checked = 0;
  for (const [name, flag] of [...Object.entries(CLIENT_FLAGS), ...Object.entries(SERVER_FLAGS)]) {
    if (!("quantity" in flag)) continue;
    for (const [, list] of flag.quantity.accepts.matchAll(/such as ([^;]*)/g)) {
      const examples = list!.split(/, or from.*such as |,? or |, /).filter((text) => text !== "");
      for (const example of examples) {
        const text = example.replace(/^from 0% to 100% such as /, "");
        assert(flag.quantity.read(text) !== undefined, `--${name} ${text}`);
        checked++;
      }
    }
  }
  assert(checked > 25, `${checked}`);
});
