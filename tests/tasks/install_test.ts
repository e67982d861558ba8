/** What `deno task install` says before it makes anything; the rest is in `tests/install`. */

import { assertEquals, assertMatch } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { type Ending, Program } from "../support/process.ts";

async function install(env: Record<string, string>, ...args: string[]): Promise<Ending> {
  return await Program.deno(["--allow-all"], "lib/tasks/install.ts", args, { env }).end();
}

overlappingTest({
  name: "install says what is no permission, with nothing made",
  ignore: !mayRun,
  async fn() {
    for (const wrong of ["--foo", "--allow-foo", "--allow-run-", "mail"]) {
      const { code, lines, stderr } = await install({ DENO_INSTALL_ROOT: "/dev/null" }, wrong);
      assertEquals([code, lines], [2, []], wrong);
      assertEquals(
        stderr,
        `install: ${wrong} is not a permission; expected something like --allow-run=mail or ` +
          "--allow-read=/etc/hb.key\n",
      );
    }
  },
});

overlappingTest({
  name: "install into a folder that can't be one says so in a line",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const { code, lines, stderr } = await install({ DENO_INSTALL_ROOT: "/dev/null" });
    assertEquals([code, lines], [2, []]);
    assertMatch(
      stderr,
      /^install: can't write to \/dev\/null: [^\n]*; set DENO_INSTALL_ROOT to .*\n$/,
    );
  },
});

overlappingTest({
  name: "install without a home asks for one; an empty variable is as good as none",
  ignore: !mayRun || Deno.build.os === "windows",
  async fn() {
    const { code, stderr } = await install({ HOME: "", USERPROFILE: "", DENO_INSTALL_ROOT: "" });
    assertEquals(code, 2);
    assertEquals(stderr, "install: where to? Set HOME, or DENO_INSTALL_ROOT, to a folder\n");
  },
});
