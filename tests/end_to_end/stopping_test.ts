/** How both scripts end. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { freePort, Program } from "../support/process.ts";
import { Loopback } from "./loopback.ts";
import { objects, runClient, startScript, startServer, stopServer } from "./script.ts";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  overlappingTest({
    name: `${signal} makes both scripts print their summaries and end well`,
    ignore: !mayRun || Deno.build.os === "windows",
    async fn() {
      const server = await startServer("--loss", "0");
      const client = startScript("client.ts", `127.0.0.1:${server.port}`, "-c", "0", "-i", "20ms");
      for (let i = 0; i < 3; i++) await client.lineWith("Reply from");
      client.signal(signal);
      const ending = await client.end();
      assertEquals([ending.code, ending.stderr], [0, ""]);
      assertMatch(ending.lines.at(-1)!, /^Verdict: the server is alive\.$/);
      server.program.signal(signal);
      const { code, lines, stderr } = await server.program.end();
      assertEquals([code, stderr], [0, ""]);
      assert(lines.includes("--- heartbeat server summary ---"));
    },
  });
}

overlappingTest({
  name: "Ctrl-C that comes twice at once, as under deno task, is one wish to stop",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    using silent = new Loopback();
    // A command that runs is waited for, so that the client is still there when the second one
    // comes.
    const client = new Program(Deno.execPath(), [
      ...["run", "--no-prompt", "--allow-net", "--allow-run=sleep", "--unstable-net", "client.ts"],
      ...[`127.0.0.1:${silent.port}`, "-w", "-i", "20ms", "-t", "50ms", "-m", "1", "--json"],
      ...["--on-down", "sleep 1"],
    ]);
    await client.lineWith('"to":"down"');
    client.signal("SIGINT");
    await client.lineWith('"summary"');
    client.signal("SIGINT");
    const { code, lines, stderr } = await client.end();
    assertEquals([lines, stderr], [[], ""]);
    // On a busy machine the newest heartbeat may have waited for this machine, and then it is 3; a
    // second wish would have ended it by the signal.
    assert(code === 1 || code === 3, `${code}`);
  },
});

overlappingTest({
  name:
    "heartbeats in flight when the client is stopped are outstanding, neither lost nor received",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    using peer = new Loopback();
    const target = `127.0.0.1:${peer.port}`;
    const client = startScript("client.ts", target, "-c0", "-i", "20ms", "-t", "1m", "--json");
    for (let i = 0; i < 3; i++) await peer.receive();
    await client.lineWith('"seq":3');
    client.signal("SIGINT");
    const { code, lines } = await client.end();
    const [summary] = objects(lines, "summary");
    assertEquals([code, summary.verdict], [1, "never_answered"]);
    assertEquals([summary.received, summary.lost, summary.loss_ratio], [0, 0, null]);
    assertEquals(summary.outstanding, summary.sent);
  },
});

overlappingTest({
  name: "a closed pipe ends both scripts quietly",
  ignore: !mayRun,
  async fn() {
    const server = await startServer("--loss", "0");
    const client = startScript("client.ts", `127.0.0.1:${server.port}`, "-c", "0", "-i", "5ms");
    await client.lineWith("Reply from");
    await client.stopReading();
    const clientEnding = await client.end();
    assertEquals([clientEnding.code, clientEnding.stderr], [0, ""]);
    await server.program.stopReading();
    // The server finds out when it next has something to say.
    await runClient(`127.0.0.1:${server.port}`, "-c", "0", "-i", "20ms", "-t", "100ms");
    const serverEnding = await server.program.end();
    assertEquals([serverEnding.code, serverEnding.stderr], [0, ""]);
  },
});

overlappingTest({
  name: "a server that never answers: the verdict, a hint, exit code 1",
  ignore: !mayRun,
  async fn() {
    using silent = new Loopback();
    const { code, lines } = await runClient(`127.0.0.1:${silent.port}`, "-t", "200ms");
    assertEquals(code, 1);
    const sent = lines.filter((line) => /^Sent: Heartbeat \d \d{10}\.\d{9}$/.test(line));
    // On a busy machine a timer may be so late that a loss doesn't count, and then one more
    // heartbeat leaves.
    assert(sent.length >= 3 && sent.length < 10, `${sent.length} sent`);
    assert(lines.includes("Heartbeat 3: Request timed out"));
    const verdict = "Server is assumed to have stopped after 3 consecutive timeouts.";
    assert(lines.some((line) => line.startsWith(verdict)));
    assert(lines.some((line) => line.includes("firewall in between?")));
    assertEquals(lines.at(-1), "Verdict: the server did not answer.");
  },
});

overlappingTest({
  name: "watched, a server is seen to stop and to come back",
  ignore: !mayRun,
  async fn() {
    const first = await startServer("--loss", "0", "-q");
    const target = `127.0.0.1:${first.port}`;
    const client = startScript("client.ts", target, "-w", "-i", "30ms", "-t", "60ms", "--json");
    await client.lineWith('"to":"up"');
    first.program.signal("SIGKILL");
    await first.program.end();
    await client.lineWith('"to":"down"');
    const args = ["-p", `${first.port}`, "-H", "127.0.0.1", "-l", "0", "-q"];
    const second = startScript("server.ts", ...args);
    await client.lineWith('"from":"down","to":"up"');
    client.signal("SIGTERM");
    const { code, lines } = await client.end();
    assertEquals([code, objects(lines, "summary")[0].verdict], [0, "alive"]);
    await stopServer({ program: second, port: first.port });
  },
});

overlappingTest({
  name: "a server that stops for good: exit code 1",
  ignore: !mayRun,
  async fn() {
    const server = await startServer("--loss", "0", "-q");
    const client = startScript(
      "client.ts",
      ...[`127.0.0.1:${server.port}`, "-c0", "-i", "20ms", "-t", "60ms", "--json"],
    );
    await client.lineWith('"reply"');
    await stopServer(server);
    const { code, lines } = await client.end();
    assertEquals([code, objects(lines, "summary")[0].verdict], [1, "stopped"]);
  },
});

overlappingTest({
  name: "a full disk under its log ends no server, but its exit code tells of the lost summary",
  ignore: !mayRun || Deno.build.os !== "linux",
  async fn() {
    const port = freePort();
    const command = `exec "${Deno.execPath()}" run --allow-net --unstable-net server.ts ` +
      `-H 127.0.0.1 -p ${port} -l 0 > /dev/full`;
    const server = new Program("sh", ["-c", command]);
    const args = [`127.0.0.1:${port}`, "-c", "500", "-i", "4ms", "-m", "0", "--json"];
    const { lines } = await runClient(...args);
    // The first may leave before the server is there.
    assert(objects(lines, "summary")[0].received > 200, lines.at(-1));
    const { code, stderr } = await server.stop("SIGTERM");
    assertEquals(code, 2);
    const told = stderr.split("\n").filter((line) =>
      line.includes("can't write to standard output")
    );
    assertEquals(told.length, 1, stderr);
  },
});

overlappingTest({
  name: "a signal is heard while a program still waits for its key",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const make = new Program("sh", ["-c", "d=$(mktemp -d) && mkfifo $d/key && echo $d"]);
    const { lines: [folder] } = await make.end();
    try {
      for (const script of ["server.ts", "client.ts"]) {
        const args = [
          "run",
          "--no-prompt",
          "--allow-net",
          "--allow-read",
          "--unstable-net",
          script,
        ];
        const program = new Program(Deno.execPath(), [...args, "--key-file", `${folder}/key`]);
        // A pipe can be opened for writing once somebody reads it.
        const writer = new Program("sh", [
          "-c",
          `exec 3> "${folder}/key" && echo open && exec sleep 9`,
        ]);
        await writer.lineWith("open");
        const { code, stderr } = await program.stop("SIGTERM");
        await writer.stop("SIGKILL");
        assertEquals(code, 2);
        assertMatch(stderr, /: stopped while it was waiting for the key in .*key\n$/);
      }
    } finally {
      await new Program("rm", ["-r", folder!]).end();
    }
  },
});

overlappingTest({
  name: "SIGQUIT shows the figures so far of client and server, and both go on",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const server = await startServer("--loss", "0", "-q");
    const client = startScript("client.ts", `127.0.0.1:${server.port}`, "-c0", "-i", "20ms", "-q");
    await client.lineWith("until stopped");
    for (let i = 0; i < 2; i++) {
      client.signal("SIGQUIT");
      assertMatch(await client.lineWith("figures so far"), /^--- 127.0.0.1:\d+ heartbeat figures/);
      assertMatch((await client.nextLine())!, /^\d+ sent, \d+ answered, /);
    }
    server.program.signal("SIGQUIT");
    await server.program.lineWith("--- heartbeat server figures so far ---");
    assertMatch(
      (await server.program.nextLine())!,
      /^\d+ heartbeats from 1 client: \d+ answered, 0 dropped/,
    );
    client.signal("SIGTERM");
    const { code, lines } = await client.end();
    assertEquals([code, lines.at(-1)], [0, "Verdict: the server is alive."]);
    await stopServer(server);
  },
});
