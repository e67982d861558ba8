/** Flags and permissions, and the complaints about them. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { Program } from "../support/process.ts";
import { Loopback } from "./loopback.ts";
import { startScript } from "./script.ts";

async function assertRefused(program: Program, reason: string): Promise<void> {
  const { code, lines, stderr } = await program.end();
  assertEquals([code, lines], [2, []], stderr);
  assertMatch(stderr, /^(server|client|demo): [^\n]+\n$/);
  assertStringIncludes(stderr, reason);
}

overlappingTest({
  name: "wrong usage: one line that says what is accepted, and exit code 2",
  ignore: !mayRun,
  async fn() {
    await assertRefused(startScript("server.ts", "--prot", "1"), "unknown flag --prot");
    await assertRefused(startScript("server.ts", "--loss", "30"), "expected a share");
    await assertRefused(startScript("client.ts", "host:x"), "expected HOST or HOST:PORT");
    await assertRefused(startScript("client.ts", "--count"), "--count needs a value");
  },
});

overlappingTest({
  name: "a port that is taken: one line, and exit code 2",
  ignore: !mayRun,
  async fn() {
    using taken = new Loopback();
    const args = ["-H", "127.0.0.1", "-p", `${taken.port}`];
    await assertRefused(startScript("server.ts", ...args), `UDP port ${taken.port} is taken`);
  },
});

overlappingTest({
  name: "a missing permission: one line that names it, and exit code 2",
  ignore: !mayRun,
  async fn() {
    const run = (...args: string[]) =>
      new Program(Deno.execPath(), ["run", "--no-prompt", ...args]);
    await assertRefused(run("server.ts"), "no permission to open 0.0.0.0:12000");
    await assertRefused(run("client.ts"), "no permission to send to 127.0.0.1:12000");
    await assertRefused(
      run("--allow-net=127.0.0.1:12000", "client.ts"),
      "no permission to open 0.0.0.0:0",
    );
    await assertRefused(
      run("--allow-net=0.0.0.0:0", "client.ts", "example.org"),
      "no permission to look up example.org",
    );
  },
});

overlappingTest({
  name: "the narrow permissions of the README are enough",
  ignore: !mayRun,
  async fn() {
    const run = (net: string, ...args: string[]) =>
      new Program(Deno.execPath(), ["run", "--no-prompt", `--allow-net=${net}`, ...args]);
    const server = run("0.0.0.0/0", "server.ts", "-p", "0", "-l", "0", "--json");
    const { port } = JSON.parse((await server.nextLine())!);
    const client = run(`127.0.0.1:${port},0.0.0.0:0`, "client.ts", `localhost:${port}`, "-c", "2");
    assertEquals((await client.end()).code, 0);
    server.signal("SIGINT");
    assertEquals((await server.end()).code, 0);
  },
});

overlappingTest({
  name: "a name that isn't found: one line, and exit code 2",
  ignore: !mayRun,
  async fn() {
    await assertRefused(
      startScript("client.ts", "nowhere.invalid"),
      "nowhere.invalid has no address",
    );
  },
});

overlappingTest({
  name: "help and version go to standard output, with exit code 0",
  ignore: !mayRun,
  async fn() {
    for (const script of ["server.ts", "client.ts"]) {
      for (const flag of ["--help", "--version"]) {
        const { code, lines, stderr } = await startScript(script, flag).end();
        assertEquals([code, stderr], [0, ""]);
        assert(lines.length > 0);
      }
    }
  },
});

overlappingTest({
  name: "the demo runs both, tells their lines apart, and ends with the client's verdict",
  ignore: !mayRun,
  async fn() {
    const good = await startScript("lib/tasks/demo.ts", "-c5", "-t", "50ms", "--loss", "0").end();
    assertEquals(good.code, 0);
    const spoken = good.lines.slice(good.lines.indexOf("") + 1, good.lines.lastIndexOf(""));
    assert(spoken.every((line) => /^[SC] /.test(line)), spoken.join("\n"));
    assert(spoken.includes("C Verdict: the server is alive."));
    assertMatch(good.lines[0]!, /^A server \(S\) drops no heartbeats, and a client \(C\) sends/);
    assert(good.lines.at(-1)!.startsWith("  deno task client --watch"));
    const bad = await startScript("lib/tasks/demo.ts", "-t", "50ms", "--loss=100%", "--json").end();
    assertEquals(bad.code, 1);
    assertEquals(JSON.parse(bad.lines.at(-1)!).verdict, "never_answered");
  },
});

overlappingTest({
  name: "what was printed before a program could not go on is not lost",
  ignore: !mayRun,
  async fn() {
    // The server may be asked, but the client may open no socket.
    const args = ["run", "--no-prompt", "--allow-net=127.0.0.1", "lib/tasks/demo.ts"];
    const demo = await new Program(Deno.execPath(), args).end();
    assertEquals(demo.code, 2);
    assertStringIncludes(demo.stderr, "no permission to open 0.0.0.0:0");
    assert(demo.lines.includes("S --- heartbeat server summary ---"), demo.lines.join("\n"));
  },
});

overlappingTest({
  name: "what doesn't work in the demo is refused in one line",
  ignore: !mayRun,
  async fn() {
    const demo = (...args: string[]) => startScript("lib/tasks/demo.ts", ...args);
    const table: [string[], string][] = [
      [["--on-down", "true"], "--on-down doesn't work in the demo"],
      [["--key-file=x"], "--key-file doesn't work in the demo"],
      [["--ipv6"], "--ipv6 doesn't work in the demo"],
      [["example.org"], "the demo has a server of its own"],
      [["--recover", "3"], "--recover is for --watch"],
      [["--coutn", "3"], "did you mean --count?"],
    ];
    await Promise.all(table.map(([args, reason]) => assertRefused(demo(...args), reason)));
  },
});
