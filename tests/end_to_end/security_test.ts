/**
 * Keys, limits, and networks that are answered: the real scripts, as an operator would use them.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { type Ending, freePort, Program } from "../support/process.ts";
import { Loopback } from "./loopback.ts";
import { objects, startServer, stopServer } from "./script.ts";

const KEYS = "tests/end_to_end/";
const [KEY, OTHER_KEY] = [`${KEYS}key.txt`, `${KEYS}other_key.txt`];

/** Starts a script with the network, and this one file to read. */
const start = (script: string, keyFile: string, ...args: string[]) =>
  new Program(Deno.execPath(), [
    ...["run", "--allow-net", `--allow-read=${keyFile}`, "--unstable-net", script],
    ...args,
  ]);

async function keyedServer(key = KEY) {
  const program = start("server.ts", key, "-p0", "-H127.0.0.1", "-l0", "--json", "--key-file", key);
  const { port, keyed } = JSON.parse((await program.nextLine())!);
  assertEquals(keyed, true);
  return { program, port };
}

const runKeyed = (keyFile: string, ...args: string[]): Promise<Ending> =>
  start("client.ts", keyFile, "--key-file", keyFile, "-t", "100ms", ...args).end();

overlappingTest({
  name: "with the same key on both sides every heartbeat is answered and believed",
  ignore: !mayRun,
  async fn() {
    const server = await keyedServer();
    const { code, lines } = await runKeyed(
      KEY,
      `127.0.0.1:${server.port}`,
      "-c50",
      "-t1s",
      "--json",
    );
    const [summary] = objects(lines, "summary");
    assertEquals([code, summary.received, summary.unexpected], [0, 50, 0]);
    const [{ received, replied }] = objects((await stopServer(server)).lines, "summary");
    assertEquals([received, replied], [50, 50]);
  },
});

overlappingTest({
  name: "a keyed server is silent towards another key and towards none, and both sides say why",
  ignore: !mayRun,
  async fn() {
    const server = await keyedServer();
    const target = `127.0.0.1:${server.port}`;
    const other = await runKeyed(OTHER_KEY, target, "-q");
    const none = await start("client.ts", KEY, target, "-t100ms", "-q").end();
    assertEquals([other.code, none.code], [1, 1]);
    assertStringIncludes(other.lines.join("\n"), "Does it have the same key");
    assertStringIncludes(none.lines.join("\n"), "Does it need a key (--key-file)");
    const { lines } = await stopServer(server);
    const [summary] = objects(lines, "summary");
    const { received, bad_mac, unauthenticated } = summary;
    assertEquals([received, bad_mac, unauthenticated], [0, 3, 3]);
    // Each of them is told, some of them together.
    const told = objects(lines, "refused");
    const sum = (reason: string) => told.reduce((total, refused) => total + refused[reason], 0);
    assertEquals([sum("bad_mac"), sum("unauthenticated")], [3, 3]);
  },
});

overlappingTest({
  name: "a keyed client believes no plain server, and says that it has no key",
  ignore: !mayRun,
  async fn() {
    const server = await startServer("--loss", "0");
    const { code, lines } = await runKeyed(KEY, `127.0.0.1:${server.port}`);
    assertEquals(code, 1);
    const text = lines.join("\n");
    assertStringIncludes(text, "reply without a code of a key");
    assertStringIncludes(text, "without a valid code of this key. Does");
    await stopServer(server);
  },
});

overlappingTest({
  name: "with a key no two runs have the same name; without, none has any",
  ignore: !mayRun,
  async fn() {
    using peer = new Loopback();
    const names = new Set<string>();
    for (const key of [[], ["--key-file", KEY], ["--key-file", KEY]]) {
      const client = start("client.ts", KEY, ...key, `127.0.0.1:${peer.port}`, "-c1", "-t1ms");
      const { text } = await peer.receive();
      await client.end();
      const [, name = ""] = /^Heartbeat 1 \S+(?: run=([0-9a-f]{32}) mac=[0-9a-f]{32})?$/.exec(
        text,
      )!;
      names.add(name);
    }
    assertEquals([names.size, names.has("")], [3, true]);
  },
});

overlappingTest({
  name: "a heartbeat that is recorded and sent again is not answered again",
  ignore: !mayRun,
  async fn() {
    const server = await keyedServer();
    using tap = new Loopback();
    const client = start(
      "client.ts",
      KEY,
      "--key-file",
      KEY,
      `127.0.0.1:${tap.port}`,
      "-c1",
      "-t20s",
    );
    const { bytes, port } = await tap.receive();
    await tap.send(bytes, server.port);
    const reply = await tap.receive();
    assertMatch(reply.text, /^Seq: 1, .*, Mac: [0-9a-f]{32}$/);
    await tap.send(bytes, server.port);
    await tap.send(reply.bytes, port);
    // The client takes the reply that came by way of another for what it is: the server's, to this
    // very heartbeat.
    assertEquals((await client.end()).code, 0);
    const [summary] = objects((await stopServer(server)).lines, "summary");
    assertEquals([summary.received, summary.replayed], [1, 1]);
  },
});

overlappingTest({
  name: "a key that can't be used is explained in one line",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const table: [string, string, string][] = [
      ["nowhere.txt", "nowhere.txt", "there is no file nowhere.txt to read the key from; make one"],
      [
        KEY,
        "elsewhere.txt",
        "no permission to read the key in elsewhere.txt; run with --allow-read",
      ],
      [
        `${KEYS}short_key.txt`,
        `${KEYS}short_key.txt`,
        "has 5 bytes; expected at least 16; make one",
      ],
      // Is told at once, though it never ends.
      ["/dev/zero", "/dev/zero", "has more than 4096 bytes; expected at most as many; make one"],
      [KEYS, KEYS, "can't read the key in tests/end_to_end/: Is a directory"],
    ];
    for (const script of ["server.ts", "client.ts"]) {
      for (const [allowed, keyFile, message] of table) {
        const { code, lines, stderr } = await start(script, allowed, "--key-file", keyFile).end();
        assertEquals([code, lines], [2, []]);
        assertStringIncludes(stderr, message);
        assertMatch(stderr, /^(server|client): [^\n]+\n$/);
      }
    }
  },
});

overlappingTest({
  name: "a server answers the networks that it is told to, and counts the others",
  ignore: !mayRun,
  async fn() {
    const server = await startServer(
      "--loss=0",
      "--allow=127.0.0.2",
      "--allow=192.0.2.0/24",
      "--json",
    );
    using allowed = new Loopback("127.0.0.2");
    using other = new Loopback();
    await other.send("Heartbeat 1 1795362468.942608", server.port);
    await allowed.send("Heartbeat 2 1795362468.942608", server.port);
    assertMatch((await allowed.receive()).text, /^Seq: 2,/);
    const { lines } = await stopServer(server);
    const [summary] = objects(lines, "summary");
    assertEquals([summary.received, summary.not_allowed], [1, 1]);
    assertEquals(objects(lines, "refused")[0].last, `127.0.0.1:${other.port}`);
  },
});

overlappingTest({
  name: "a server tries to answer only those that --allow-net lets it, and counts the others",
  ignore: !mayRun,
  async fn() {
    const port = freePort();
    const permission = `--allow-net=127.0.0.1:${port},127.0.0.2`;
    const args = ["-H", "127.0.0.1", "-p", `${port}`, "--loss=0", "--json"];
    const program = Program.deno([permission], "server.ts", args);
    await program.lineWith('"listening"');
    using permitted = new Loopback("127.0.0.2");
    using other = new Loopback();
    for (let seq = 1; seq <= 3; seq++) await other.send(`Heartbeat ${seq} 1795362468.9`, port);
    await permitted.send("Heartbeat 4 1795362468.942608", port);
    assertMatch((await permitted.receive()).text, /^Seq: 4,/);
    const { lines, stderr } = await stopServer({ program, port });
    const [summary] = objects(lines, "summary");
    assertEquals([summary.received, summary.replied, summary.not_permitted], [1, 1, 3]);
    assertEquals(objects(lines, "replied").length, 1);
    assertEquals(objects(lines, "refused")[0].last, `127.0.0.1:${other.port}`);
    assertEquals(stderr, "");
  },
});

overlappingTest({
  name: "a server answers no more heartbeats than its rate, and tells how many it refused",
  ignore: !mayRun,
  async fn() {
    const server = await startServer("--loss=0", "--rate=20", "--json");
    using peer = new Loopback();
    for (let seq = 1; seq <= 100; seq++) {
      await peer.send(`Heartbeat ${seq} 1795362468.942608`, server.port);
    }
    for (let seq = 1; seq <= 20; seq++) {
      assertMatch((await peer.receive()).text, new RegExp(`^Seq: ${seq},`));
    }
    // Another network's heartbeat is answered, after all that came before it were read.
    using other = new Loopback("127.0.1.1");
    await other.send("Heartbeat 101 1795362468.942608", server.port);
    assertMatch((await other.receive()).text, /^Seq: 101,/);
    const { lines } = await stopServer(server);
    const [{ received, limited }] = objects(lines, "summary");
    assertEquals(received + limited, 101);
    assert(received < 50, `${received} answered`);
  },
});

overlappingTest({
  name: "a key that others may read, or that is one byte over and over, gets a warning",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const make = new Program("sh", [
      "-c",
      "d=$(mktemp -d) && cd $d && head -c 99 /dev/urandom | od -An -tx1 | tr -d ' \\n' > good && cp good open && chmod 600 good && " +
      "chmod 644 open && printf 'aaaaaaaaaaaaaaaaaaaa' > weak && chmod 600 weak && " +
      "{ printf '\\357\\273\\277'; cat good; } > marked && chmod 600 marked && echo $d",
    ]);
    const { lines: [folder] } = await make.end();
    try {
      const server = await keyedServer(`${folder}/good`);
      const target = `127.0.0.1:${server.port}`;
      const client = (name: string) =>
        start("client.ts", `${folder}/${name}`, "--key-file", `${folder}/${name}`, target, "-c1")
          .end();
      assertEquals(await client("good").then(({ code, stderr }) => [code, stderr]), [0, ""]);
      // A byte order mark, which some editors add, makes no other key.
      assertEquals(await client("marked").then(({ code, stderr }) => [code, stderr]), [0, ""]);
      const open = await client("open");
      assertEquals(open.code, 0);
      assertMatch(open.stderr, /^client: others may read or change the key in .*open; chmod 600/);
      assertStringIncludes((await client("weak")).stderr, "is one byte over and over");
      await stopServer(server);
    } finally {
      await new Program("rm", ["-r", folder!]).end();
    }
  },
});
