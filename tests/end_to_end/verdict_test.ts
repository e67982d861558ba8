/** Verdicts on real time and real processes. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { hasPython, mayRun } from "../support/permissions.ts";
import { Program } from "../support/process.ts";
import { objects, startScript, startServer, stopServer } from "./script.ts";

overlappingTest({
  name: "a client that was stopped and continued doesn't blame the server",
  ignore: !hasPython || Deno.build.os === "windows",
  async fn() {
    const server = await startServer("--loss", "0", "-q");
    const target = `127.0.0.1:${server.port}`;
    const client = startScript("client.ts", target, "-c0", "-i", "20ms", "-t", "100ms", "--json");
    for (let i = 0; i < 5; i++) await client.lineWith('"reply"');
    client.signal("SIGSTOP");
    // Another process tells the time, so that this one needs no timer.
    await new Program("python3", ["-c", "import time; time.sleep(0.7)"]).end();
    client.signal("SIGCONT");
    await client.lineWith('"stall"');
    for (let i = 0; i < 5; i++) await client.lineWith('"reply"');
    client.signal("SIGINT");
    const { code, lines } = await client.end();
    const [summary] = objects(lines, "summary");
    assertEquals([code, summary.verdict, summary.outages], [0, "alive", 0]);
    assert(summary.stalls >= 1);
    await stopServer(server);
  },
});

overlappingTest({
  name:
    "commands run when the server goes down and comes back, with the facts in their environment",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const server = await startServer("--loss", "0", "-q");
    const target = `127.0.0.1:${server.port}`;
    const hook = [
      "--on-down",
      "sh tests/end_to_end/hook.sh",
      "--on-up",
      "sh tests/end_to_end/hook.sh",
    ];
    const args = [target, "-w", "-i", "30ms", "-t", "60ms", "--json", ...hook];
    const client = new Program(Deno.execPath(), [
      ...["run", "--no-prompt", "--allow-net", "--allow-run=sh", "client.ts"],
      ...args,
    ]);
    await client.lineWith('"to":"up"');
    server.program.signal("SIGKILL");
    await server.program.end();
    await client.lineWith('"to":"down"');
    const again = startScript("server.ts", "-p", `${server.port}`, "-H", "127.0.0.1", "-l0", "-q");
    await client.lineWith('"from":"down","to":"up"');
    client.signal("SIGINT");
    const { code, stderr } = await client.end();
    assertEquals(code, 0);
    assertStringIncludes(stderr, `hook: ${target} suspect down outage=`);
    assert(/hook: \S+ down up outage=\d+\.\d{3}\n/.test(stderr), stderr);
    await stopServer({ program: again, port: server.port });
  },
});

overlappingTest({
  name: "a command that may not run is refused at the start, in one line",
  ignore: !mayRun,
  async fn() {
    const args = ["run", "--no-prompt", "--allow-net", "client.ts", "--on-down", "true"];
    const { code, lines, stderr } = await new Program(Deno.execPath(), args).end();
    assertEquals([code, lines], [2, []]);
    assertStringIncludes(stderr, "no permission to run true; run with --allow-run=true");
  },
});
