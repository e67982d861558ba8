import { assert, assertEquals } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";

const deno = Deno.execPath();
const ignore = Deno.permissions.querySync({ name: "run", command: deno }).state !== "granted";
const PROGRAM = new URL("../../lib/runtime/program.ts", import.meta.url).href;
const ERROR = new URL("../../lib/text/operator_error.ts", import.meta.url).href;

/** Starts a program whose `main(args, terminal, stop)` has this body. */
function start(body: string): Deno.ChildProcess {
  const code = `import { runProgram } from "${PROGRAM}";
    import { OperatorError } from "${ERROR}";
    await runProgram("tried", async (args, terminal, stop) => { ${body} });`;
  return new Deno.Command(deno, {
    args: ["eval", code, "one", "two"],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).spawn();
}

/** Waits for a program's end. */
async function ending(child: Deno.ChildProcess): Promise<[code: number, out: string, err: string]> {
  const { code, stdout, stderr } = await child.output();
  return [code, new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)];
}

overlappingTest({
  name: "a program's lines are all written before it ends with its exit code",
  ignore,
  async fn() {
    const body = `for (let i = 0; i < 1000; i++) terminal.line(args.join(" ") + " " + i);
      terminal.complain("not so well");
      return 7;`;
    const [code, out, err] = await ending(start(body));
    assertEquals([code, err], [7, "tried: not so well\n"]);
    assertEquals(out.split("\n").slice(0, 2), ["one two 0", "one two 1"]);
    assertEquals(out.split("\n").length, 1001);
  },
});

overlappingTest({
  name: "an operator's error is one line on stderr and exit code 2, after the lines before it",
  ignore,
  async fn() {
    const body = `terminal.line("before"); throw new OperatorError("no such thing");`;
    assertEquals(await ending(start(body)), [2, "before\n", "tried: no such thing\n"]);
  },
});

overlappingTest({
  name: "any other error is a fault of the program: one line, and exit code 2, never 1",
  ignore,
  async fn() {
    const bodies = [
      `throw new RangeError("a\\nfault");`,
      `setTimeout(() => { throw new RangeError("a fault"); }); await new Promise((r) => setTimeout(r, 1000));`,
      `Promise.reject(new RangeError("a fault")); await new Promise((r) => setTimeout(r, 1000));`,
    ];
    const endings = await Promise.all(
      bodies.map((body) => ending(start(`terminal.line("before"); ${body} return 0;`))),
    );
    for (const [code, out, err] of endings) {
      assertEquals([code, out], [2, "before\n"]);
      assert(/^tried: a fault of this program: RangeError: a fault \(.+\)\n$/.test(err), err);
    }
  },
});

overlappingTest({
  name: "output that nobody reads keeps no program from ending, nor from going on",
  ignore: ignore || Deno.build.os === "windows",
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    // It writes more than a pipe holds, to both outputs, and goes on; then it is told to end.
    const child = start(`for (let i = 0; i < 3000; i++) {
        terminal.line("x".repeat(99));
        terminal.complain("y".repeat(99));
      }
      (await Deno.connect({ hostname: "127.0.0.1", port: ${listener.addr.port} })).close();
      await new Promise((end) => {
        if (stop.aborted) end();
        stop.addEventListener("abort", end);
        setTimeout(end, 20_000);
      });
      return 5;`);
    (await listener.accept()).close();
    child.kill("SIGTERM");
    const startedMs = performance.now();
    const { code } = await child.status;
    await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    assertEquals(code, 5);
    assert(performance.now() - startedMs < 8000);
  },
});

overlappingTest({
  name: "without a terminal there is no colour, and lines are 80 columns wide",
  ignore,
  async fn() {
    const body = `terminal.line(terminal.colour + " " + terminal.columns); return 0;`;
    assertEquals(await ending(start(body)), [0, "false 80\n", ""]);
  },
});

overlappingTest({
  name: "a signal to end aborts the program's stop, and its last lines are written",
  ignore: ignore || Deno.build.os === "windows",
  async fn() {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      const child = start(`const ended = new Promise((end) => stop.addEventListener("abort", end));
        const waiting = setInterval(() => {}, 1000);
        terminal.line("ready");
        await ended;
        clearInterval(waiting);
        terminal.line("summary");
        return 5;`);
      const reader = child.stdout.getReader();
      const first = await reader.read();
      child.kill(signal);
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        rest += new TextDecoder().decode(part.value);
      }
      await child.stderr.cancel();
      const { code } = await child.status;
      assertEquals([new TextDecoder().decode(first.value), rest], ["ready\n", "summary\n"]);
      assertEquals(code, 5);
    }
  },
});
