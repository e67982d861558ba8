/** Servers on one of several links, and names with several addresses. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Cable, hasNamespaces, type Namespace } from "../support/namespace.ts";
import { overlappingTest } from "../support/overlapping.ts";
import { denoCommand, type Program } from "../support/process.ts";
import { objects } from "./script.ts";

const DEADLINE = { deadlineMs: 30_000 };
const PACE = ["-c", "3", "-t", "300ms", "--json"];

/** Gives both machines an address on a link; the same one on each link, as machines may have. */
async function addLinkAddresses(cable: Cable, link: string): Promise<void> {
  await cable.near.ip("address", "add", "fe80::1/64", "dev", link, "nodad");
  await cable.far.ip("address", "add", "fe80::2/64", "dev", link, "nodad");
}

async function startServer(far: Namespace, host: string, ...args: string[]): Promise<Program> {
  const all = ["-H", host, "-l", "0", "--json", ...args];
  const server = far.deno(["--allow-net"], "server.ts", all, DEADLINE);
  assert((await server.lineWith('"listening"')).includes(`"address":"${host}"`));
  return server;
}

async function run(near: Namespace, ...args: string[]) {
  const { code, lines, stderr } = await near.deno(["--allow-net"], "client.ts", args, DEADLINE)
    .end();
  return { code, lines, stderr };
}

async function verdictOf(near: Namespace, ...args: string[]): Promise<string> {
  return objects((await run(near, ...args, ...PACE)).lines, "summary")[0].verdict;
}

overlappingTest({
  name: "targets, sources and servers on a link are named with it, and answer on that link alone",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    cable.addCable("second");
    for (const link of ["cable", "second"]) await addLinkAddresses(cable, link);
    const server = await startServer(cable.far, "fe80::2%second");
    const { near } = cable;
    assertEquals(await verdictOf(near, "[fe80::2%second]:12000"), "alive");
    assertEquals(await verdictOf(near, "fe80::2%second", "--source", "fe80::1%second"), "alive");
    assertEquals(await verdictOf(near, "[fe80::2%cable]:12000"), "never_answered");
    const [summary] = objects((await server.stop("SIGINT")).lines, "summary");
    assertEquals([summary.replied, summary.send_failures], [6, 0]);
  },
});

overlappingTest({
  name: "an address on a link that isn't named gets a hint; a link that there isn't, an error",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await addLinkAddresses(cable, "cable");
    const { near } = cable;
    const unnamed = await run(near, "fe80::2", "-c", "1", "-t", "100ms");
    const hint = "The system chooses the link of fe80::2; name one, as in [fe80::2%eth0]:12000";
    assertEquals(unnamed.code, 1);
    const told = unnamed.lines.join("\n").replace(/\n\s+/g, " ");
    assertEquals(told.split(hint).length, 3);
    const source = await run(near, "fe80::2%cable", "--source", "fe80::1%wrong", "-c", "1");
    assertEquals([source.code, source.lines], [2, []]);
    assertMatch(source.stderr, /^client: .*is there a link wrong on this machine\?\n$/);
    const target = await run(near, "fe80::2%wrong", "-c", "1", "--json");
    const [failed] = objects(target.lines, "send_failed");
    assertMatch(failed.reason, /; is there a link wrong on this machine\?$/);
    assertEquals([target.code, objects(target.lines, "summary")[0].verdict], [3, "unknown"]);
  },
});

overlappingTest({
  name: "of a name's addresses, the first that can be sent to is asked, and told",
  ignore: !hasNamespaces,
  async fn() {
    await using cable = new Cable();
    await cable.near.ip("address", "add", "fd99::1/64", "dev", "cable", "nodad");
    await cable.far.ip("address", "add", "fd99::2/64", "dev", "cable", "nodad");
    await startServer(cable.far, "::");
    const ask = async (hosts: string, ...args: string[]) => {
      // In the mounts of the namespace, so that only this client sees the names.
      const script = 'file=$(mktemp) && printf "%b" "$0" > "$file" && ' +
        'mount --bind "$file" /etc/hosts && rm -f "$file"; exec "$@"';
      const asked = ["x.test", "-c", "1", "-t", "500ms", "--json", ...args];
      const client = denoCommand(["--allow-net"], "client.ts", asked);
      const { code, lines } = await cable.near
        .start("sh", ["-c", script, hosts, ...client], DEADLINE).end();
      const [start] = objects(lines, "start");
      const moved = objects(lines, "address").map(({ from, target, reason }) => [
        from,
        target,
        reason,
      ]);
      return [code, start.target, start.other_addresses, ...moved];
    };
    // 192.0.2.7 has no route from the near machine.
    const both = "192.0.2.7 x.test\\nfd99::2 x.test\\n";
    assertEquals(await ask(both), [
      0,
      "192.0.2.7:12000",
      ["fd99::2"],
      ["192.0.2.7:12000", "[fd99::2]:12000", "Network is unreachable"],
    ]);
    assertEquals(await ask(both, "-6"), [0, "[fd99::2]:12000", []]);
    assertEquals(await ask(both, "-4"), [3, "192.0.2.7:12000", []]);
    const sendable = "10.99.0.2 x.test\\nfd99::2 x.test\\n";
    assertEquals(await ask(sendable), [0, "10.99.0.2:12000", ["fd99::2"]]);
    assertEquals(await ask(sendable, "--source", "fd99::1"), [
      0,
      "[fd99::2]:12000",
      ["10.99.0.2"],
    ]);
  },
});
