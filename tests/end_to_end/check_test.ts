/** `client.ts --check`, as a monitoring system runs it. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Cable, hasNamespaces } from "../support/namespace.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { Loopback } from "./loopback.ts";
import { runClient, startServer, stopServer } from "./script.ts";

overlappingTest({
  name: "a check is one line on standard output, whatever it finds, and its exit code says it",
  ignore: !mayRun,
  async fn() {
    const server = await startServer("--loss", "0");
    using silent = new Loopback();
    const [alive, dead] = [`127.0.0.1:${server.port}`, `127.0.0.1:${silent.port}`];
    const table: [args: string[], code: number, line: RegExp][] = [
      [[alive], 0, /^HEARTBEAT OK - 127.0.0.1:\d+: rta [\d.]+ms, lost 0% \| rta=[\d.]+ms;200.000;/],
      [[alive, "-W", "0.1ms,1%"], 1, /^HEARTBEAT WARNING - .*\| rta=[\d.]+ms;0.100;500.000;0; pl=/],
      [[alive, "-C", "0.1ms,1%"], 2, /^HEARTBEAT CRITICAL - .*;200.000;0.100;0; pl=0%;40;1;0;100$/],
      [[dead, "-t", "100ms"], 2, /^HEARTBEAT CRITICAL - 127.0.0.1:\d+: no answer, lost 100% \|/],
      [[dead, alive, "-t", "100ms"], 2, /: no answer, lost 100% :: 127.0.0.1:\d+: rta .* lost 0%/],
      [["a..invalid"], 3, /^HEARTBEAT UNKNOWN - a..invalid: could not be asked: a..invalid has no/],
      [["--count", "x"], 3, /^HEARTBEAT UNKNOWN - --count can't be x: expected a whole number/],
      [[alive, "--watch"], 3, /^HEARTBEAT UNKNOWN - --watch has no effect beside --check/],
      [[alive, "-m", "1"], 3, /^HEARTBEAT UNKNOWN - --max-losses has no effect beside --check/],
      [["--targets", "nowhere"], 3, /^HEARTBEAT UNKNOWN - no permission to read the servers in/],
    ];
    const endings = await Promise.all(table.map(([args]) => runClient("--check", ...args)));
    for (const [i, { code, lines, stderr }] of endings.entries()) {
      const [args, expected, line] = table[i]!;
      assertEquals([code, stderr, lines.length], [expected, "", 1], args.join(" "));
      assertMatch(lines[0]!, line);
    }
    const { code, stderr } = await runClient(alive, "-W", "1s,1%");
    assertEquals([code, stderr], [
      2,
      "client: --warning is for --check; leave it out, or add --check\n",
    ]);
    await stopServer(server);
  },
});

overlappingTest({
  name: "a check ends at its time limit, and says what it knows by then",
  ignore: !mayRun,
  async fn() {
    using silent = new Loopback();
    const target = `127.0.0.1:${silent.port}`;
    const startMs = performance.now();
    const [none, some] = await Promise.all([
      runClient("--check", target, "-t", "1m", "--time-limit", "300ms"),
      runClient("--check", target, "-t", "100ms", "-c", "1000", "--time-limit", "600ms"),
    ]);
    assert(performance.now() - startMs < 10_000);
    assertEquals([none.code, some.code], [3, 2]);
    assertMatch(none.lines[0]!, /: could not be asked: nothing was answered or lost by then \| /);
    assertMatch(some.lines[0]!, /: no answer, lost 100% \| /);
  },
});

overlappingTest({
  name: "a check by a machine that can't send is unknown, and names the reason",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await cable.near.ip("route", "delete", "10.99.0.0/24");
    const client = cable.near.deno(["--allow-net"], "client.ts", ["10.99.0.2", "--check"]);
    const { code, lines } = await client.end();
    assertEquals(code, 3);
    assertMatch(lines[0]!, /^HEARTBEAT UNKNOWN - 10.99.0.2: could not be asked: Network is unreac/);
  },
});
