/** Many datagrams, good and bad. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { lossModel } from "../../lib/impairment/loss.ts";
import { seededRandom } from "../../lib/impairment/random.ts";
import { garbage } from "../soak/datagrams.ts";
import { mayRun } from "../support/permissions.ts";
import { Program } from "../support/process.ts";
import { Loopback } from "./loopback.ts";
import { objects, type ServerProgram, startServer, stopServer } from "./script.ts";

const SEED = 20251122;
// Few enough for the system's receive buffer, so that loopback itself loses nothing.
const AT_ONCE = 50;

/**
 * Sends heartbeats and returns the numbers of those answered, waiting for as many answers as the
 * seed promises.
 */
async function answeredBy({ port }: ServerProgram, count: number): Promise<number[]> {
  using peer = new Loopback();
  const lose = lossModel({ share: 0.3 }, seededRandom(SEED));
  const answered: number[] = [];
  for (let first = 1; first <= count; first += AT_ONCE) {
    let promised = 0;
    for (let seq = first; seq < first + AT_ONCE; seq++) {
      if (!lose()) promised++;
      await peer.send(`Heartbeat ${seq} 1795362468.942608`, port);
    }
    while (promised-- > 0) answered.push(Number(/\d+/.exec((await peer.receive()).text)![0]));
  }
  return answered;
}

Deno.test({
  name: "of 20,000 heartbeats the server drops 30%, and with the same seed the same ones",
  ignore: !mayRun,
  async fn() {
    const args = ["--loss", "30%", "--quiet", "--seed", `${SEED}`, "--json"];
    const server = await startServer(...args);
    const answered = await answeredBy(server, 20_000);
    const { lines } = await stopServer(server);
    const [summary] = objects(lines, "summary");
    assertEquals([summary.received, summary.replied], [20_000, answered.length]);
    assertAlmostEquals(summary.dropped / summary.received, 0.3, 0.01);
    const again = await startServer(...args);
    assertEquals(await answeredBy(again, 2000), answered.filter((seq) => seq <= 2000));
    await stopServer(again);
  },
});

async function residentMb(pid: number): Promise<number> {
  const { lines } = await new Program("ps", ["-o", "rss=", "-p", `${pid}`]).end();
  return Number(lines[0]) / 1024;
}

Deno.test({
  name: "after 100,000 datagrams of garbage the server answers, and its memory has not grown",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    using peer = new Loopback();
    const server = await startServer("--loss", "0");
    const random = seededRandom(SEED);
    const total = 100_000;
    let before = 0;
    let lines = 0;
    const counting = (async () => {
      while ((await server.program.nextLine()) !== undefined) lines++;
    })();
    for (let sent = 0; sent < total; sent += AT_ONCE) {
      for (let i = 0; i < AT_ONCE; i++) await peer.send(garbage(random), server.port);
      // A good heartbeat between shows that the server still answers, and keeps it from falling
      // behind.
      const seq = 1e9 + sent;
      await peer.send(`Heartbeat ${seq} 1795362468.942608`, server.port);
      while (!(await peer.receive()).text.startsWith(`Seq: ${seq},`));
      // The first tenth warms the program up.
      if (sent === total / 10) before = await residentMb(server.program.pid);
    }
    const after = await residentMb(server.program.pid);
    server.program.signal("SIGINT");
    await counting;
    assertEquals((await server.program.end()).code, 0);
    assert(after - before < 20, `memory went from ${before} MB to ${after} MB`);
    // Some garbage is good by chance, and every good heartbeat has a line; malformed ones have ten
    // a second.
    assert(lines < total / 4, `${lines} lines`);
  },
});
