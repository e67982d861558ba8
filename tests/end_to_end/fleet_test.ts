/** The client of many servers, as its users run it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Cable, hasNamespaces } from "../support/namespace.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { denoCommand, Program } from "../support/process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { Loopback } from "./loopback.ts";
import { objects, startScript, startServer, stopServer } from "./script.ts";

const PACE = ["-i", "50ms", "-t", "200ms"];

/** Starts the client with a list on its standard input. */
async function startWithList(list: string, ...args: string[]): Promise<Program> {
  const flags = ["--allow-net"];
  const program = Program.deno(flags, "client.ts", ["--targets", "-", ...args], { input: true });
  await program.write(list);
  return program;
}

/** A file for a list. */
class ListFile implements AsyncDisposable {
  private constructor(readonly folder: TempFolder, readonly path: string) {}

  static async of(list: string): Promise<ListFile> {
    const folder = await TempFolder.make();
    return new ListFile(folder, await folder.write("list.txt", list));
  }

  async write(list: string): Promise<void> {
    await this.folder.write("list.txt", list);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder[Symbol.asyncDispose]();
  }
}

overlappingTest({
  name: "several servers: each has its summary, all have one, and the exit code is the worst",
  ignore: !mayRun,
  async fn() {
    const server = await startServer("--loss", "0");
    using silent = new Loopback();
    const [alive, dead] = [`127.0.0.1:${server.port}`, `127.0.0.1:${silent.port}`];
    const ends = [[alive, alive.replace("127.0.0.1", "localhost")], [alive, dead]];
    const both = await Promise.all(ends.map(async ([first, second]) => {
      return await startScript("client.ts", first!, second!, ...PACE, "-c", "5", "--json").end();
    }));
    // Both names are one endpoint.
    assertEquals([both[0]!.code, both[0]!.lines], [2, []]);
    assertMatch(both[0]!.stderr, /^client: localhost:\d+ \(argument 2\) and 127.0.0.1:\d+ /);
    const { code, lines, stderr } = both[1]!;
    assertEquals([code, stderr], [1, ""]);
    const [start] = objects(lines, "start");
    assertEquals([start.targets, start.source, start.count], [2, "the command line", 5]);
    assertEquals([objects(lines, "sent"), objects(lines, "reply")], [[], []]);
    const summaries = objects(lines, "summary");
    assertEquals(
      summaries.map(({ target, name, verdict, sent }) => [target, name, verdict, sent])
        .toSorted(),
      [[alive, alive, "alive", 5], [dead, dead, "never_answered", 5]].toSorted(),
    );
    const { type, targets, verdicts, sent, received } = JSON.parse(lines.at(-1)!);
    assertEquals([type, targets, sent, received], ["fleet", 2, 10, 5]);
    assertEquals(verdicts, { alive: 1, stopped: 0, never_answered: 1, unknown: 0 });
    await stopServer(server);
  },
});

overlappingTest({
  name: "a list on standard input: people get changes of state, and a table, worst first",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const server = await startServer("--loss", "0");
    using silent = new Loopback();
    const list = `127.0.0.1:${server.port} name=web-1 rack=r7\n\n# a comment\n` +
      `127.0.0.1:${silent.port} name=web-2 # dead\na..invalid name=gone`;
    const client = await startWithList(list, ...PACE, "-m", "2", "-c", "8");
    const { code, lines, stderr } = await client.end();
    assertEquals([code, stderr], [1, ""]);
    const [first, second, ...rest] = lines;
    assertMatch(first!, /^Watching 3 servers from standard input/);
    assertMatch(second!, /^ {2}8 heartbeats each, every 50ms, timeout 200ms, 60 heartbeats a/);
    const text = rest.join(" ").replaceAll(/ +/g, " ");
    assertMatch(text, /UTC web-2 \(127.0.0.1:\d+\): down after \d+ timeouts; nothing /);
    assertMatch(text, /UTC The state of gone is unknown: a..invalid has no address/);
    const table = rest.slice(rest.indexOf("--- 3 servers heartbeat summary ---"));
    assertEquals(
      table.filter((line) => /^(stopped|no answer|unknown|alive) /.test(line))
        .map((line) => line.split(/ {2,}/).slice(0, 2).map((cell) => cell.split(" (")[0])),
      [["no answer", "web-2"], ["unknown", "gone"], ["alive", "web-1"]],
    );
    assertEquals(
      table.slice(table.findIndex((line) => line.startsWith("Verdict: "))).join(" "),
      "Verdict: of 3 servers, 1 alive, 1 without an answer, 1 unknown.",
    );
    assert(lines.every((line) => line.length <= 80), lines.join("\n"));
    await stopServer(server);
  },
});

overlappingTest({
  name: "SIGHUP reads a list again and keeps those that stay; a bad list changes nothing",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const servers = [await startServer("--loss", "0"), await startServer("--loss", "0")];
    const [one, two] = servers.map(({ port }) => `127.0.0.1:${port}`);
    await using file = await ListFile.of(`${one} name=a\n`);
    const flags = ["--allow-net", `--allow-read=${file.path}`];
    const args = ["--targets", file.path, ...PACE, "--json"];
    const client = Program.deno(flags, "client.ts", args);
    await client.lineWith('"to":"up"');
    await file.write(`${one} name=a\n${one} name=b\n`);
    client.signal("SIGHUP");
    while (client.stderr === "") await new Promise((resume) => setTimeout(resume, 10));
    await file.write(`${one} name=b\n${two} name=c\n`);
    client.signal("SIGHUP");
    assertMatch(await client.lineWith("reloaded"), /"added":1,"removed":0,"stayed":1}$/);
    assertStringIncludes(await client.lineWith('"to":"up"'), '"name":"c"');
    await file.write(`${two} name=c\n`);
    client.signal("SIGHUP");
    assertStringIncludes(await client.lineWith("reloaded"), '"added":0,"removed":1,"stayed":1');
    client.signal("SIGTERM");
    const { code, lines, stderr } = await client.end();
    assertEquals(code, 0);
    assertMatch(
      stderr,
      /^client: the list of servers stays as it was: b \(.*, line 2\) has the address and port of a \(.*, line 1\); list each server once\n$/,
    );
    assertEquals(objects(lines, "fleet")[0].targets, 1);
    assertEquals(objects(lines, "summary").map(({ name }) => name).toSorted(), ["b", "c"]);
    await Promise.all(servers.map(stopServer));
  },
});

overlappingTest({
  name: "with a list from standard input, SIGHUP ends the client as ever",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    using silent = new Loopback();
    const client = await startWithList(`127.0.0.1:${silent.port}`, ...PACE, "-m", "1");
    const ending = client.end();
    await silent.receive();
    client.signal("SIGHUP");
    const { code, lines } = await ending;
    assertEquals(code, 1);
    assertMatch(lines.at(-1)!, /^Verdict: of 1 server, 0 alive, 1 without an answer\.$/);
  },
});

overlappingTest({
  name: "what is wrong with a list ends the client with one line, before anything is sent",
  ignore: !mayRun,
  async fn() {
    using silent = new Loopback();
    const good = `127.0.0.1:${silent.port}`;
    const table: [list: string, args: string[], error: RegExp][] = [
      [`${good}\nweb:0`, [], /standard input, line 2: can't read the server web:0: 0 is not a/],
      [`${good} name=a\n${good}`, [], /\(standard input, line 2\) has the address and port of a /],
      ["# none", [], /standard input names no server; expected a line each, such as /],
      [`${good}\n[::1]:1`, ["-4"], /standard input, line 2: ::1 is an IPv6 address, but -4 was/],
      ["0.0.0.0", [], /standard input, line 1: 0.0.0.0 is where a server listens/],
      [good, ["-i", "0"], /--interval 0 is for one server/],
    ];
    const endings = await Promise.all(table.map(async ([list, args]) => {
      return await (await startWithList(list, ...args)).end();
    }));
    for (const [i, { code, lines, stderr }] of endings.entries()) {
      assertEquals([code, lines, stderr.split("\n").length], [2, [], 2], stderr);
      assertMatch(stderr, table[i]![2]);
    }
    const files = ["nowhere.txt", "README.md"];
    const [missing, forbidden] = await Promise.all(
      [["--allow-read"], []].map(async (read, i) => {
        const flags = ["--allow-net", ...read];
        return await Program.deno(flags, "client.ts", ["--targets", files[i]!]).end();
      }),
    );
    assertEquals([missing!.code, forbidden!.code], [2, 2]);
    assertStringIncludes(missing!.stderr, "there is no file nowhere.txt to read the servers from");
    assertStringIncludes(
      forbidden!.stderr,
      "no permission to read the servers in README.md; run with --allow-read=README.md, or hand",
    );
  },
});

overlappingTest({
  name: "hooks of a fleet know which server it is, with the labels of its list",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    using silent = new Loopback();
    await using file = await ListFile.of("");
    const code = `echo "$HEARTBEAT_NAME|$HEARTBEAT_LABEL_rack|$HEARTBEAT_TO" > ${file.path}`;
    await using script = await ListFile.of(code);
    const flags = ["--allow-net", "--allow-run=sh"];
    const hook = ["--on-down", `sh ${script.path}`, "-m", "1", "-c", "2"];
    const client = Program.deno(flags, "client.ts", ["--targets", "-", ...PACE, ...hook], {
      input: true,
    });
    await client.write(`127.0.0.1:${silent.port} name=web-2 rack=r7`);
    assertEquals((await client.end()).code, 1);
    const { lines } = await new Program("cat", [file.path]).end();
    assertEquals(lines, ["web-2|r7|down"]);
  },
});

overlappingTest({
  name: "a machine without a route has one event for all servers, one hook, and knows nothing",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await cable.near.ip("route", "delete", "10.99.0.0/24");
    const targets = ["10.99.0.2", "10.99.0.3", "10.99.0.4"];
    const args = [...targets, ...PACE, "-c", "12", "--json", "--on-unknown", "false"];
    const client = cable.near.deno(["--allow-net", "--allow-run=false"], "client.ts", args);
    const { code, lines, stderr } = await client.end();
    assertEquals(code, 3);
    assertEquals(stderr, "client: false for all servers of ipv4 ended with exit code 1\n");
    const [blind, ...more] = objects(lines, "blind");
    assertEquals([blind.part, blind.targets, blind.reason, more], [
      "ipv4",
      3,
      "Network is unreachable",
      [],
    ]);
    assertEquals(objects(lines, "state"), []);
    const [fleet] = objects(lines, "fleet");
    assertEquals([fleet.verdicts.unknown, fleet.unsent, fleet.blind], [3, 36, ["ipv4"]]);
  },
});

overlappingTest({
  name: "a server that went down is asked at the address that its name has by then",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await cable.far.ip("address", "add", "10.99.0.3/24", "dev", "cable");
    const server = cable.far.deno(["--allow-net"], "server.ts", ["-H", "10.99.0.3", "-l", "0"]);
    await server.nextLine();
    await using hosts = await ListFile.of("10.99.0.2 x.test\n");
    const list = ["x.test", "10.99.0.3:9", ...PACE, "--json"];
    const client = denoCommand(["--allow-net"], "client.ts", list);
    const mount = 'mount --bind "$0" /etc/hosts && exec "$@"';
    const program = cable.near.start("sh", ["-c", mount, hosts.path, ...client]);
    await program.lineWith('"to":"down"');
    await hosts.write("10.99.0.3 x.test\n");
    assertMatch(
      await program.lineWith('"type":"moved"'),
      /"target":"10.99.0.3:12000","name":"x.test","from":"10.99.0.2:12000"}$/,
    );
    assertStringIncludes(await program.lineWith('"to":"up"'), '"name":"x.test"');
    program.signal("SIGINT");
    const { code, lines } = await program.end();
    // The other one has no server.
    assertEquals(code, 1);
    assertEquals(objects(lines, "summary").map(({ verdict }) => verdict).toSorted(), [
      "alive",
      "never_answered",
    ]);
  },
});
