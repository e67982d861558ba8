/** What a person sees at a terminal; util-linux's `script` plays it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { canStart, mayRun } from "../support/permissions.ts";
import { denoCommand, Program } from "../support/process.ts";
import { startServer, stopServer } from "./script.ts";

const ESC = "\\u001b";

/** What Deno itself may write at the beginning. */
const WIPED = new RegExp(`^(?:${ESC}\\[0G${ESC}\\[2K${ESC}\\[J)*`);

const hasScript = mayRun && canStart("script") && Deno.build.os === "linux";

/** Runs a script at a terminal, and returns all that it wrote there. */
async function atTerminal(
  term: string,
  script: string,
  size: readonly string[],
  ...args: string[]
): Promise<string> {
  const command = denoCommand(["--allow-net", "--allow-env=TERM"], script, args);
  const quoted = command.map((word) => `'${word}'`).join(" ");
  // Without NO_COLOR, which tests set.
  const run = `env -u NO_COLOR TERM=${term} ${quoted}`;
  const program = new Program("script", ["-qec", `stty ${size.join(" ")}; ${run}`, "/dev/null"]);
  const { lines } = await program.end();
  return lines.join("\n").replace(WIPED, "");
}

const SIZE = ["cols", "80", "rows", "24"];

const ERASE = new RegExp(`${ESC}\\[\\d+A\\r${ESC}\\[J`);

overlappingTest({
  name: "--watch at a terminal redraws one server in place, and ends with the summary below",
  ignore: !hasScript,
  async fn() {
    const server = await startServer("--loss", "0");
    const target = `127.0.0.1:${server.port}`;
    const args = [target, "--watch", "-c", "8", "-i", "100ms"];
    const shown = await atTerminal("xterm", "client.ts", SIZE, ...args);
    assertMatch(shown, ERASE);
    assertMatch(shown, new RegExp(`${ESC}\\[32m● up for \\d\\.\\d s`));
    assert(!shown.includes("Sent: Heartbeat"), "each heartbeat has a line");
    const [, end] = shown.split(/--- .* heartbeat summary ---/);
    assertStringIncludes(end!, "8 sent, 8 answered, 0 lost");
    assert(!ERASE.test(end!), "the panel is redrawn after its end");
    await stopServer(server);
  },
});

overlappingTest({
  name: "a terminal without a size is taken for one of 80 columns",
  ignore: !hasScript,
  async fn() {
    const server = await startServer("--loss", "0");
    const args = [`127.0.0.1:${server.port}`, "--watch", "-c", "3", "-i", "20ms"];
    const shown = await atTerminal("xterm", "client.ts", ["cols", "0", "rows", "0"], ...args);
    assertStringIncludes(shown, "3 answered, 0 lost");
    await stopServer(server);
  },
});

overlappingTest({
  name: "several servers at a terminal have one table, the worst first",
  ignore: !hasScript,
  async fn() {
    const server = await startServer("--loss", "0");
    const targets = [`127.0.0.1:${server.port}`, "127.0.0.1:9"];
    const pace = ["-c", "5", "-i", "300ms", "-t", "50ms"];
    const shown = await atTerminal("xterm", "client.ts", SIZE, ...targets, ...pace);
    assertMatch(shown, ERASE);
    const table = shown.slice(shown.lastIndexOf("2 servers: "));
    assertMatch(table, /^2 servers: .*1 down.*1 up/);
    assert(table.indexOf("■ down") < table.indexOf("● up"), "the worst isn't first");
    assertMatch(shown, /127\.0\.0\.1:9: down after 3 timeouts/);
    await stopServer(server);
  },
});

overlappingTest({
  name: "a dumb terminal, a quiet client and JSON have lines, and no escapes",
  ignore: !hasScript,
  async fn() {
    const server = await startServer("--loss", "0");
    const args = [`127.0.0.1:${server.port}`, "--watch", "-c", "3", "-i", "20ms"];
    const dumb = await atTerminal("dumb", "client.ts", SIZE, ...args);
    assert(!dumb.includes("\x1b"), dumb);
    assertEquals(dumb.match(/Sent: Heartbeat/g)?.length, 3);
    const quiet = await atTerminal("xterm", "client.ts", SIZE, ...args, "--quiet");
    assert(!ERASE.test(quiet) && quiet.includes("3 answered"), quiet);
    const json = await atTerminal("xterm", "client.ts", SIZE, ...args, "--json");
    assert(!json.includes("\x1b"), "JSON has escapes");
    await stopServer(server);
  },
});

overlappingTest({
  name: "the demo at a terminal shows what is lost as it happens",
  ignore: !hasScript,
  async fn() {
    const args = ["--timeout", "100ms", "--count", "30"];
    const shown = await atTerminal("xterm", "lib/tasks/demo.ts", SIZE, ...args);
    assertMatch(shown, ERASE);
    assertMatch(shown, /Simulating packet loss for message from 127\.0\.0\.1:\d+ \(Heartbeat 1\)/);
    assertMatch(shown, new RegExp(`${ESC}\\[31m×${ESC}\\[39m`));
    assert(!shown.includes("Responded to"), "each reply has a line");
    assertStringIncludes(shown, "Try next:");
  },
});
