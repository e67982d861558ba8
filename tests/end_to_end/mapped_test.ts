/** A server on `::`, asked by IPv4, by IPv6, and by IPv6 packets that pretend to be IPv4. */

import { assert, assertEquals } from "@std/assert";
import { Cable, hasNamespaces } from "../support/namespace.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { hasPython } from "../support/permissions.ts";
import type { Program } from "../support/process.ts";
import { objects } from "./script.ts";

const DEADLINE = { deadlineMs: 30_000 };
const FAR_IPV6 = "fd99::2";

/** Joins the machines by IPv6, too. */
async function joinByIPv6(cable: Cable): Promise<void> {
  await cable.near.ip("address", "add", "fd99::1/64", "dev", "cable", "nodad");
  await cable.far.ip("address", "add", `${FAR_IPV6}/64`, "dev", "cable", "nodad");
}

async function startServer(cable: Cable, ...args: string[]): Promise<Program> {
  const server = cable.far.deno(
    ["--allow-net"],
    "server.ts",
    ["-H", "::", "-l", "0", "--json", ...args],
    DEADLINE,
  );
  await server.lineWith('"listening"');
  return server;
}

async function verdictOf(cable: Cable, target: string): Promise<string> {
  const args = [target, "-c", "3", "-t", "300ms", "--json"];
  const { lines } = await cable.near.deno(["--allow-net"], "client.ts", args, DEADLINE).end();
  return objects(lines, "summary")[0].verdict;
}

overlappingTest({
  name: "IPv6 packets whose source is this machine's IPv4 loopback are never answered",
  ignore: !hasNamespaces || !hasPython,
  async fn() {
    await using cable = new Cable();
    await joinByIPv6(cable);
    const listener = cable.far.start("python3", [
      "-c",
      "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); " +
      "s.bind(('127.0.0.1', 4000)); print('ready', flush=True); print(s.recv(99), flush=True)",
    ], DEADLINE);
    await listener.lineWith("ready");
    const server = await startServer(cable);
    const forge = (source: string) =>
      cable.near.run("python3", "tests/end_to_end/raw_ipv6.py", source, FAR_IPV6, "12000", "50");
    await forge("::ffff:127.0.0.1");
    // In the name of an IPv4 host, they are answered as that host.
    await forge("::ffff:10.99.0.1");
    assertEquals(await verdictOf(cable, `[${FAR_IPV6}]:12000`), "alive");
    const { lines } = await server.stop("SIGINT");
    const [summary] = objects(lines, "summary");
    assertEquals([summary.unanswerable, summary.replied], [50, 53]);
    const { lines: heard } = await listener.stop("SIGTERM");
    assertEquals(heard, []);
  },
});

overlappingTest({
  name: "a server on :: answers IPv4 and IPv6, also where :: is IPv6 only",
  ignore: !hasNamespaces,
  async fn() {
    for (const only of ["0", "1"]) {
      await using cable = new Cable();
      await joinByIPv6(cable);
      await cable.far.run("sh", "-c", `echo ${only} > /proc/sys/net/ipv6/bindv6only`);
      const server = await startServer(cable);
      assertEquals(await verdictOf(cable, "10.99.0.2:12000"), "alive", `bindv6only ${only}`);
      assertEquals(await verdictOf(cable, `[${FAR_IPV6}]:12000`), "alive", `bindv6only ${only}`);
      const { lines } = await server.stop("SIGINT");
      const [summary] = objects(lines, "summary");
      assertEquals([summary.replied, summary.clients], [6, 2]);
      const clients = summary.busiest.map(({ client }: { client: string }) => client).join();
      // Where IPv4 has a socket of its own, nothing can imitate it.
      assertEquals(clients.includes("::ffff:"), only === "0", clients);
    }
  },
});

overlappingTest({
  name: "a server on :: says whether IPv6 packets can imitate IPv4",
  ignore: !hasNamespaces,
  async fn() {
    for (const only of ["0", "1"]) {
      await using cable = new Cable();
      await cable.far.run("sh", "-c", `echo ${only} > /proc/sys/net/ipv6/bindv6only`);
      const args = ["-H", "::", "--allow", "10.99.0.0/24"];
      const server = cable.far.deno(["--allow-net"], "server.ts", args, DEADLINE);
      await server.lineWith("answers only");
      const { lines } = await server.stop("SIGINT");
      const told = lines.join("\n").includes("IPv4 networks of --allow");
      assert(told === (only === "0"), lines.join("\n"));
    }
  },
});
