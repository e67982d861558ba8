/**
 * How well the client keeps its schedule.
 *
 * @module
 */

import { QUIET_SERVER, startContender } from "./contender.ts";

/** Runs the client at paces that are hard to keep; returns what is to be printed. */
export async function measurePace(): Promise<string[]> {
  const server = await startContender(QUIET_SERVER);
  try {
    const lines: string[] = [];
    for (
      const [interval, count] of [["1ms", 10_000], ["5ms", 1000], ["20ms", 200], [
        "100ms",
        50,
      ]] as const
    ) {
      const client = new URL("../../../client.ts", import.meta.url).pathname;
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--allow-net", "--unstable-net", client, `127.0.0.1:${server.port}`],
          ...[`--interval=${interval}`, `--count=${count}`, "--quiet", "--json"],
        ],
        env: { DENO_NO_UPDATE_CHECK: "1" },
      }).output();
      const summary = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
      const { sent, received, duration_s, schedule_error_ms: error } = summary;
      lines.push(
        `client.ts --interval ${interval}: ${sent} sent, ${received} answered in ${
          duration_s.toFixed(3)
        } s; ` +
          `late by ${error.median.toFixed(3)} ms (p50), ${error.p99.toFixed(3)} (p99), ${
            error.max.toFixed(3)
          } (max)`,
      );
    }
    return [...lines, ""];
  } finally {
    await server.stop();
  }
}
