/** The systemd units of lib/deploy, as systemd reads them. */

import { assertEquals, assertMatch } from "@std/assert";
import { canStart, mayRun } from "../support/permissions.ts";
import { Program } from "../support/process.ts";

const hasSystemd = mayRun && canStart("systemd-analyze");

/** Copies the units, with programs that are there, and runs a command in the folder of the copies. */
async function inCopies(command: string): Promise<{ code: number; said: string }> {
  const script = 'folder=$(mktemp -d) && cp lib/deploy/*.service "$folder" && cd "$folder" && ' +
    `sed -i 's#^ExecStart=[^ ]*#ExecStart=/bin/true#' *.service && ${command}; ` +
    'code=$?; rm -r "$folder"; exit $code';
  const { code, lines, stderr } = await new Program("sh", ["-c", script]).end();
  // systemd also speaks of other units of this machine.
  const said = [...lines, ...stderr.split("\n")].filter((line) => /heartbeat|watcher/.test(line));
  return { code, said: said.join("\n") };
}

Deno.test({
  name: "systemd finds nothing wrong with the units",
  ignore: !hasSystemd,
  async fn() {
    for (const unit of ["heartbeat-server", "heartbeat@192.0.2.7", "heartbeat-fleet"]) {
      const verified = await inCopies(`systemd-analyze verify "$PWD/${unit}.service"`);
      assertEquals(verified, { code: 0, said: "" }, unit);
    }
  },
});

Deno.test({
  name: "the units leave little open, as the README says",
  ignore: !hasSystemd,
  async fn() {
    for (const unit of ["heartbeat-server", "watcher", "heartbeat-fleet"]) {
      const { said } = await inCopies(
        `cp heartbeat@.service watcher.service && systemd-analyze security --offline=true ${unit}.service`,
      );
      assertMatch(said, /Overall exposure level for [\w-]+\.service: 1\.[0-4] /, unit);
    }
  },
});
