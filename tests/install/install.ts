/**
 * `deno task test:install`: what `deno task install` puts into an empty home runs from another
 * folder, without the checkout, without a network, and with no more permissions than it needs.
 *
 * The first run fetches Deno's bundler from npm, so this is no part of `deno task test`.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { freePort, Program } from "../support/process.ts";

const FOLDER_OF_DENO = Deno.execPath().replace(/[\\/][^\\/]*$/, "");

/** A home with both commands, made from a checkout that is gone. */
async function installed(): Promise<{ home: string; start: (command: string) => Program }> {
  const home = await Deno.makeTempDir();
  const checkout = `${home}/checkout`;
  const shell = (script: string, env: Record<string, string> = {}) =>
    new Program("sh", ["-c", `PATH="${FOLDER_OF_DENO}:$PATH"; ${script}`], { env });
  const copied = await shell(
    `mkdir "$TO" && git ls-files -z | xargs -0 cp --parents -t "$TO" && cd "$TO" && ` +
      "deno task install",
    { TO: checkout, HOME: home, DENO_DIR: `${home}/cache` },
  ).end();
  assertEquals(copied.code, 0, copied.stderr);
  await Deno.remove(checkout, { recursive: true });
  await Deno.remove(`${home}/cache`, { recursive: true });
  const nowhere = "http://127.0.0.1:1";
  const offline = { HOME: home, DENO_DIR: `${home}/empty`, NPM_CONFIG_REGISTRY: nowhere };
  const start = (command: string) =>
    shell(`cd / && exec "$HOME/.deno/bin/"${command}`, { ...offline, JSR_URL: nowhere });
  return { home, start };
}

Deno.test("installed commands run from anywhere, offline, without the checkout", async () => {
  const { home, start } = await installed();
  try {
    const port = freePort();
    const server = start(`heartbeat-server -H 127.0.0.1 -p ${port} -l 0`);
    await server.lineWith("is running");
    const client = await start(`heartbeat 127.0.0.1:${port} -c 3`).end();
    assertEquals([client.code, client.stderr], [0, ""]);
    assertEquals(client.lines.at(-1), "Verdict: the server is alive.");
    const { code, stderr } = await server.stop("SIGTERM");
    assertEquals([code, stderr], [0, ""]);
    // What they may not do takes a line, and no stack.
    const hooked = await start(`heartbeat 127.0.0.1:${port} -c 1 --on-down true`).end();
    assertMatch(hooked.stderr, /^client: .*--allow-run.*\n$/);
    const keyed = await start("heartbeat-server -p 0 --key-file /etc/hostname").end();
    assertMatch(keyed.stderr, /^server: .*--allow-read.*\n$/);
    assertEquals([hooked.code, keyed.code], [2, 2]);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
