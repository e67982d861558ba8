import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { readServerOptions } from "../../lib/cli/server_options.ts";
import { Network } from "../../lib/wire/network.ts";

Deno.test("the server's defaults are those of the contract", () => {
  assertEquals(readServerOptions([]), {
    listen: undefined,
    listenNames: [],
    port: 12000,
    hostname: "0.0.0.0",
    lossShare: 0.3,
    meanBurst: undefined,
    seed: undefined,
    impairment: { delayMs: 0, jitterMs: 0, duplicateShare: 0, reorderShare: 0 },
    clientTimeoutMs: undefined,
    allow: [],
    limits: { ratePerPrefix: 5000, totalRate: 10_000, limitLoopback: false },
    keyFile: undefined,
    quiet: false,
    json: false,
  });
});

Deno.test("the server's flags are read, long and short", () => {
  const expected = {
    listen: { hostname: "::1", port: 0 },
    listenNames: ["server.example"],
    port: 0,
    hostname: "127.0.0.1",
    lossShare: 0.05,
    meanBurst: 2.5,
    seed: 4294967295,
    impairment: { delayMs: 20, jitterMs: 5, duplicateShare: 0.1, reorderShare: 0.02 },
    clientTimeoutMs: 2000,
    allow: [new Network("192.0.2.0", 24), new Network("::1")],
    limits: { ratePerPrefix: 100, totalRate: undefined, limitLoopback: true },
    keyFile: "secret.key",
    quiet: true,
    json: true,
  };
  const rest = ("--burst 2.5 --json --delay 20ms --jitter=5ms --duplicate 10% --reorder 0.02 " +
    "--client-timeout 2s --allow 192.0.2.7/24 --allow=::1 --rate 100 --total-rate=0 " +
    "--key-file secret.key --listen [::1]:0 --listen-name server.example").split(" ");
  const long = ["--port=0", "--host", "127.0.0.1", "--loss=5%", "--seed", "4294967295", "--quiet"];
  const short = ["-p", "0", "-H", "127.0.0.1", "-l", "0.05", "-s4294967295", "-q"];
  assertEquals(readServerOptions([...long, ...rest]), expected);
  assertEquals(readServerOptions([...short, ...rest]), expected);
});

Deno.test("wrong usage of the server is explained in one line, with the accepted values", () => {
  const table: [string, string][] = [
    ["--port", "--port needs a value: expected a whole number from 0 to 65535"],
    ["--port -1", "--port can't be -1: expected a whole number from 0 to 65535"],
    ["--port 65536", "--port can't be 65536: expected a whole number from 0 to 65535"],
    ["--loss 30", "--loss can't be 30: expected a share from 0 to 1 such as 0.3, or from 0%"],
    ["--loss 1.5", "--loss can't be 1.5"],
    ["--host example.org", "--host can't be example.org: expected an IPv4 or IPv6 address"],
    ["--seed 4294967296", "--seed can't be 4294967296"],
    ["--burst 0.5", "--burst can't be 0.5: expected a number from 1"],
    ["--burst 2 --loss 80%", "--burst can't be 2 with a loss of 80%: expected at least 4"],
    ["--burst 2 --loss 1", "--burst has no meaning when --loss is 100%"],
    ["--burst 2 --loss 0", "--burst has no meaning when --loss is 0"],
    ["--loss 0 --seed 1", "--seed repeats what is drawn, and with --loss 0 nothing is"],
    ["--loss -0.1", "--loss can't be -0.1: expected a share from 0 to 1"],
    ["--delay 2m", "--delay can't be 2m: expected a time from 0ms to 1m such as 500ms or 1s"],
    [
      "--client-timeout 1ms",
      "--client-timeout can't be 1ms: expected a time from 1s to 24h such as 2m or 1h",
    ],
    ["--allow 192.0.2.0/33", "--allow can't be 192.0.2.0/33: expected an address or a network"],
    ["--allow ::1 --allow localhost", "--allow can't be localhost: expected an address"],
    ["--allow", "--allow needs a value"],
    ["--rate -1", "--rate can't be -1: expected a whole number from 0"],
    ["--rate 1.5", "--rate can't be 1.5"],
    ["--key-file", "--key-file needs a value: expected the name of a file"],
    ["--prot 1", "unknown flag --prot; did you mean --port?"],
    ["-x", "unknown flag -x"],
    ["-qx", "unknown flag -x in -qx"],
    ["--quiet=perhaps -q=no", "--quiet takes no value"],
    ["--_ x", "the flags can't be read"],
    ["12000", "unexpected argument 12000; the server takes only flags"],
    ["--count 5", "unknown flag --count"],
  ];
  for (const [line, message] of table) {
    const error = assertThrows(() => readServerOptions(line.split(" ")), OperatorError, message);
    assertMatch(error.message, /^[^\n]+$/);
  }
});

Deno.test("the server's help names every flag and fits a terminal; --version is a version", () => {
  const printed = (flag: string) => (readServerOptions([flag]) as { print: string }).print;
  assertMatch(printed("-V"), /^udp-heartbeat \d+\.\d+\.\d+$/);
  const help = printed("--help");
  assertEquals(printed("-h"), help);
  for (const flag of ["-p, --port N", "-H, --host", "-l, --loss", "--burst", "-s, --seed"]) {
    assertStringIncludes(help, flag);
  }
  for (const line of help.split("\n")) assert(line.length <= 100, line);
});

Deno.test("limits that are asked for are this machine's, too; lifting one asks for none", () => {
  const limitsOf = (...args: string[]) => {
    const options = readServerOptions(args);
    return "limits" in options ? options.limits : undefined;
  };
  assertEquals(limitsOf("--total-rate", "7"), {
    ratePerPrefix: 5000,
    totalRate: 7,
    limitLoopback: true,
  });
  assertEquals(limitsOf("--rate", "0"), {
    ratePerPrefix: undefined,
    totalRate: 10_000,
    limitLoopback: false,
  });
});
