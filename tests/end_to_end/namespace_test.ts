/** What the client says while its own machine sends nothing, stands still or sleeps. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Cable, hasNamespaces, hasNftables, type Namespace } from "../support/namespace.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { freePort, Program } from "../support/process.ts";
import { objects, startScript, startServer } from "./script.ts";

/** Keeps a machine from sending to the server. */
interface Blockade {
  readonly name: string;
  /** Why a send fails then, in the system's words. */
  readonly reason: string;
  readonly ignore?: boolean;
  raise(near: Namespace): Promise<void>;
}

const BLOCKADES: readonly Blockade[] = [
  {
    name: "there is no route",
    reason: "Network is unreachable",
    raise: (near) => near.ip("route", "delete", "10.99.0.0/24"),
  },
  {
    name: "the route prohibits it",
    reason: "Permission denied",
    raise: (near) => near.ip("route", "add", "prohibit", "10.99.0.2"),
  },
  {
    name: "the route is a black hole",
    reason: "Invalid argument",
    raise: (near) => near.ip("route", "add", "blackhole", "10.99.0.2"),
  },
  {
    name: "the firewall drops what leaves",
    reason: "Operation not permitted",
    ignore: !hasNftables,
    async raise(near) {
      await near.run("nft", "add table inet egress");
      await near.run("nft", "add chain inet egress output { type filter hook output priority 0; }");
      await near.run("nft", "add rule inet egress output udp dport 12000 drop");
    },
  },
];

const PACE = ["-i", "100ms", "-t", "200ms"];
const UNTIL_STOPPED = ["-c", "0", ...PACE];
const WATCHING = ["-w", ...PACE, "--recover", "1"];

/** A line that never comes fails the test after this time. */
const DEADLINE = { deadlineMs: 20_000 };

const HOOK = "sh tests/end_to_end/hook.sh";

/** How long the clock shim lets a machine sleep, seconds. */
const SLEEP_S = 8 * 3600;

for (const { name, reason, ignore = false, raise } of BLOCKADES) {
  overlappingTest({
    name: `when ${name}, the state is unknown after three heartbeats, and the run goes on`,
    ignore: ignore || !hasNamespaces,
    async fn() {
      await using cable = new Cable();
      await startFarServer(cable);
      const client = startNearClient(cable, ...UNTIL_STOPPED);
      await client.line('"reply"', 3);
      await raise(cable.near);
      await client.line('"to":"unknown"');
      const unsent = client.objects("send_failed");
      // It may be said when the third has failed, or when its timeout has passed, too.
      assertBetween(unsent.length, 3, 6);
      assertEquals(new Set(unsent.map((event) => event.reason)), new Set([reason]));
      await client.line('"send_failed"');
      const { code, summary } = await client.stop();
      assertEquals(client.states(), ["up", "unknown: unsent"]);
      assertEquals([code, summary.verdict, summary.outages], [3, "unknown", 0]);
      assertBetween(summary.availability.low, 0.01, 0.99);
      assertEquals(summary.availability.high, 1);
    },
  });
}

overlappingTest({
  name: "a run whose last heartbeats could not be sent ends after them all, as unknown",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await startFarServer(cable);
    // Without a rule for losses, three heartbeats that could not be sent still make it unknown.
    const clients = ["3", "0"].map((maxLosses) =>
      startNearClient(cable, "-c", "20", ...PACE, "-m", maxLosses)
    );
    await Promise.all(clients.map((client) => client.line('"reply"')));
    await unplug(cable);
    for (const client of clients) {
      const { code, summary } = await client.end();
      assertEquals(client.states(), ["up", "unknown: unsent"]);
      assertEquals([code, summary.verdict, summary.sent], [3, "unknown", 20]);
    }
  },
});

overlappingTest({
  name: "a run none of whose heartbeats could be sent knows nothing, be it a single one",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await unplug(cable);
    await Promise.all([1, 4].map(async (count) => {
      const { code, summary } = await startNearClient(cable, "-c", `${count}`, ...PACE).end();
      assertEquals([code, summary.verdict], [3, "unknown"]);
      assertEquals([summary.sent, summary.send_failures], [count, count]);
    }));
  },
});

overlappingTest({
  name: "a quiet client still says that the state is unknown, and why",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    const server = await startFarServer(cable);
    const args = [cable.far.address, "-q", ...UNTIL_STOPPED];
    const client = cable.near.deno(["--allow-net"], "client.ts", args, DEADLINE);
    for (let i = 0; i < 3; i++) await server.lineWith('"replied"');
    await unplug(cable);
    const change = await client.lineWith("unknown");
    const { code, lines } = await client.stop("SIGTERM");
    assertEquals(code, 3);
    // The reason may stand on a line of its own.
    assertMatch(`${change} ${lines[0]}`, /sen[dt]/);
    assertMatch(lines.at(-1)!, /^Verdict: .*unknown/);
  },
});

overlappingTest({
  name: "where the path to the host alone is gone, its heartbeats are lost and it has stopped",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await startFarServer(cable);
    const client = startNearClient(cable, ...UNTIL_STOPPED);
    await client.line('"reply"', 3);
    await cable.near.ip("route", "add", "unreachable", "10.99.0.2");
    const other = startNearClient(cable, ...UNTIL_STOPPED);
    const { code, summary } = await client.end();
    assertEquals(client.states(), ["up", "down"]);
    assertEquals([code, summary.verdict, summary.outages], [1, "stopped", 1]);
    assertEquals(summary.consecutive, 3);
    const unheard = await other.end();
    assertEquals([unheard.code, unheard.summary.verdict], [1, "never_answered"]);
  },
});

overlappingTest({
  name: "commands run once for down, once for unknown and once for up, however these alternate",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    const server = await startFarServer(cable);
    const hooks = ["--on-down", "--on-unknown", "--on-up"].flatMap((on) => [on, HOOK]);
    // A single heartbeat decides, so its timeout allows for a busy machine.
    const decisive = ["-w", "-i", "100ms", "-t", "500ms", "-m", "1", "--recover", "1"];
    const client = startNearClient(cable, ...decisive, ...hooks);
    await client.line('"reply"', 3);
    await kill(server);
    await client.line('"to":"down"');
    await unplug(cable);
    await client.line('"to":"unknown"');
    await plugIn(cable);
    await client.line('"to":"down"');
    await startFarServer(cable);
    await client.line('"to":"up"');
    const { code, stderr } = await client.stop();
    assertEquals(code, 0);
    const hooked = [...stderr.matchAll(/^hook: \S+ \w+ (\w+)/gm)].map(([, to]) => to);
    assertEquals(hooked, ["down", "unknown", "up"]);
  },
});

overlappingTest({
  name: "the first reply ends the unknown, and the time that nobody observed is no outage",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await startFarServer(cable);
    const client = startNearClient(cable, ...WATCHING);
    await client.line('"reply"', 3);
    await unplug(cable);
    await client.line('"to":"unknown"');
    await client.line('"send_failed"', 5);
    await plugIn(cable);
    const replies = client.objects("reply").length;
    await client.line('"from":"unknown","to":"up"');
    assert(client.objects("reply").length <= replies + 1, "it took more than one reply");
    await client.line('"reply"');
    const { code, summary } = await client.stop();
    assertEquals(client.states(), ["up", "unknown: unsent", "up"]);
    assertEquals([code, summary.verdict, summary.outages], [0, "alive", 0]);
    // Eight heartbeats in a row were not sent.
    assertBetween(summary.availability.low, 0.01, 1 - 0.7 / summary.duration_s);
    assertEquals(summary.availability.high, 1);
  },
});

overlappingTest({
  name: "an outage after a time that nobody observed lasted at least while heartbeats were lost",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    const server = await startFarServer(cable);
    const client = startNearClient(cable, ...WATCHING);
    await client.line('"reply"', 3);
    await unplug(cable);
    const unheard = performance.now();
    await client.line('"send_failed"', 8);
    const alive = performance.now();
    await kill(server);
    await plugIn(cable);
    await client.line('"to":"down"');
    await client.line('"timeout"');
    const dead = performance.now();
    await startFarServer(cable);
    const back = performance.now();
    await client.line('"to":"up"');
    const { summary } = await client.stop();
    const { low, high } = client.objects("state").at(-1).outage_s;
    assertBetween(low, 0.1, (back - alive) / 1000);
    assertBetween(high, (dead - unheard) / 1000, summary.duration_s);
    assertEquals(summary.outages, 1);
    assertBetween(summary.availability.high, 1 - (back - alive) / 1000 / summary.duration_s, 0.99);
  },
});

overlappingTest({
  name: "a client that stood still doesn't know whether the server was in reach meanwhile",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const server = await startServer("-l", "0", "--client-timeout", "2s", "--json");
    const target = `127.0.0.1:${server.port}`;
    const client = new Client(startScript("client.ts", target, ...WATCHING, "--json"));
    await client.line('"reply"', 3);
    client.program.signal("SIGSTOP");
    const stopped = performance.now();
    // The server's own clock tells that the time is over.
    await server.program.lineWith('"client_state"');
    const stoodStillS = (performance.now() - stopped) / 1000;
    client.program.signal("SIGCONT");
    await client.line('"reply"', 2);
    const { code, summary } = await client.stop();
    assertEquals([code, summary.verdict, summary.outages], [0, "alive", 0]);
    // What it was sent shortly before it stood still, it has observed afterwards.
    assertBetween(summary.availability.low, 0.01, 1 - (stoodStillS - 0.5) / summary.duration_s);
    assertEquals(summary.availability.high, 1);
    await kill(server.program);
  },
});

overlappingTest({
  name: "a machine that slept takes the night into the longest possible outage only",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const port = freePort();
    const args = ["-p", `${port}`, "-H", "127.0.0.1", "-l", "0", "--json"];
    const server = await started(startScript("server.ts", ...args));
    const flags = ["--allow-net", "--preload", "tests/support/clock_shim.ts"];
    const clientArgs = [`127.0.0.1:${port}`, ...WATCHING, "--json"];
    const client = new Client(Program.deno(flags, "client.ts", clientArgs, DEADLINE));
    await client.line('"reply"', 3);
    // A sleep while the server lives.
    await sleep(client);
    await client.line('"reply"', 5);
    const alive = performance.now();
    await kill(server);
    await client.line('"to":"down"');
    // And one while it is dead.
    await sleep(client);
    await client.line('"timeout"');
    const again = await started(startScript("server.ts", ...args));
    const back = performance.now();
    await client.line('"to":"up"');
    const { code, summary } = await client.stop();
    assertEquals(client.states(), ["up", "down", "up"]);
    const { low, high } = client.objects("state").at(-1).outage_s;
    assertBetween(low, 0.1, (back - alive) / 1000);
    assertBetween(high, SLEEP_S, SLEEP_S + 60);
    assertEquals([code, summary.verdict, summary.outages], [0, "alive", 1]);
    assertBetween(summary.duration_s, 2 * SLEEP_S, 2 * SLEEP_S + 60);
    assertBetween(summary.availability.low, 0, 0.01);
    assertBetween(summary.availability.high, 0.99, 1);
    await kill(again);
  },
});

/** A client that prints JSON, all of whose lines are kept. */
class Client {
  readonly program: Program;
  readonly #lines: string[] = [];

  constructor(program: Program) {
    this.program = program;
  }

  /** Waits for this many more lines that contain a text. */
  async line(text: string, times = 1): Promise<void> {
    for (let found = 0; found < times;) {
      const line = await this.program.nextLine();
      if (line === undefined) {
        const { stderr } = await this.program.end();
        throw new Error(`no line with ${text} after ${this.#lines.join("\n")}\n${stderr}`);
      }
      this.#lines.push(line);
      if (line.includes(text)) found++;
    }
  }

  /** What it has printed of one type. */
  objects(type: string): ReturnType<typeof objects> {
    return objects(this.#lines, type);
  }

  /** The states that it has reported, with the reason of `unknown`, without `suspect`. */
  states(): string[] {
    return this.objects("state").filter(({ to }) => to !== "suspect")
      .map(({ to, reason }) => to === "unknown" ? `${to}: ${reason}` : to);
  }

  /** Waits for its end. */
  async end(): Promise<{ code: number; stderr: string; summary: ReturnType<typeof objects>[0] }> {
    const { code, lines, stderr } = await this.program.end();
    this.#lines.push(...lines);
    return { code, stderr, summary: this.objects("summary")[0] };
  }

  /** Ends it by SIGTERM. */
  async stop(): ReturnType<Client["end"]> {
    this.program.signal("SIGTERM");
    return await this.end();
  }
}

/** Starts a client that watches the far machine; it may run hooks. */
function startNearClient({ near, far }: Cable, ...args: string[]): Client {
  const flags = ["--allow-net", "--allow-run=sh"];
  return new Client(near.deno(flags, "client.ts", [far.address, ...args, "--json"], DEADLINE));
}

/** Starts a server on the far machine. */
async function startFarServer({ far }: Cable): Promise<Program> {
  const args = ["-H", far.address, "-l", "0", "--json"];
  return await started(far.deno(["--allow-net"], "server.ts", args));
}

/** Waits until a server answers. */
async function started(server: Program): Promise<Program> {
  await server.lineWith('"listening"');
  return server;
}

/** Ends a program as a power cut does. */
async function kill(program: Program): Promise<void> {
  program.signal("SIGKILL");
  await program.end();
}

/** Takes the interface of the near machine down. */
async function unplug({ near }: Cable): Promise<void> {
  await near.ip("link", "set", "cable", "down");
}

/** Brings it up again. */
async function plugIn({ near }: Cable): Promise<void> {
  await near.ip("link", "set", "cable", "up");
}

/** Lets a client with the clock shim believe that its machine has slept. */
async function sleep(client: Client): Promise<void> {
  client.program.signal("SIGUSR2");
  await client.line('"slept"');
}

function assertBetween(value: number, low: number, high: number): void {
  assert(value >= low && value <= high, `${value} is not between ${low} and ${high}`);
}
