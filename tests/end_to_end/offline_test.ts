/**
 * On a fresh machine whose registries are out of reach, everything starts, and nothing is fetched.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { type Ending, Program } from "../support/process.ts";

const FOLDER_OF_DENO = Deno.execPath().replace(/[\\/][^\\/]*$/, "");

/** Runs `deno task` with an empty cache, and with registries at a port that nobody listens on. */
async function runOffline(...args: string[]): Promise<Ending> {
  const { lines: [cache] } = await new Program("mktemp", ["-d"]).end();
  const nowhere = "http://127.0.0.1:1";
  try {
    // The shell sets PATH: reading this process's own takes a permission.
    const command = `PATH="${FOLDER_OF_DENO}:$PATH" exec "$0" task "$@"`;
    return await new Program("sh", ["-c", command, Deno.execPath(), ...args], {
      env: { DENO_DIR: cache!, NPM_CONFIG_REGISTRY: nowhere, JSR_URL: nowhere },
    }).end();
  } finally {
    await new Program("rm", ["-r", cache!]).end();
  }
}

const ignore = !mayRun || Deno.build.os === "windows";

overlappingTest({
  name: "the demo starts on a machine that has fetched nothing and can fetch nothing",
  ignore,
  async fn() {
    const { code, lines, stderr } = await runOffline("demo", "--count", "3", "--loss", "0");
    assertEquals(stderr.includes("Download"), false, stderr);
    assertEquals(code, 0, stderr);
    assertStringIncludes(lines.join("\n"), "C Verdict: the server is alive.");
  },
});

overlappingTest({
  name: "so does the client",
  ignore,
  async fn() {
    const { code, lines, stderr } = await runOffline("client", "127.0.0.1:9", "-c1", "-t10ms");
    assertEquals(stderr.includes("Download"), false, stderr);
    assertEquals(code, 1, stderr);
    assertStringIncludes(lines.join("\n"), "Verdict: the server did not answer.");
  },
});

overlappingTest({
  name: "so do the tests",
  ignore,
  async fn() {
    const small = ["--filter", "formatCount", "tests/text/units_test.ts"];
    const { code, lines, stderr } = await runOffline("test", ...small);
    assertEquals(stderr.includes("Download"), false, stderr);
    assertEquals(code, 0, stderr);
    assertStringIncludes(lines.join("\n"), "1 passed");
  },
});
