/**
 * How long the client takes to start and end.
 *
 * @module
 */

import { QUIET_SERVER, startContender } from "./contender.ts";
import { median, medianRatio } from "./median.ts";
import { projectPath } from "./project_path.ts";

/** Runs `client.ts --count 1` and an empty script in turn; returns what is to be printed. */
export async function measureStart(rounds: number, stop: AbortSignal): Promise<string[]> {
  const server = await startContender(QUIET_SERVER);
  try {
    const client = () => wallMs(projectPath("client.ts"), "--count=1", `127.0.0.1:${server.port}`);
    const empty = () => wallMs(projectPath("tests/bench/one_datagram.ts"));
    // Once, so that Deno has both in its cache.
    await empty();
    await client();
    const pairs: [emptyMs: number, clientMs: number][] = [];
    for (let i = 0; i < rounds; i++) {
      stop.throwIfAborted();
      pairs.push([await empty(), await client()]);
    }
    const [emptyMs, clientMs] = [0, 1].map((i) => median(pairs.map((pair) => pair[i]!)));
    const ratio = medianRatio(pairs.map(([, ms]) => ms), pairs.map(([ms]) => ms));
    return [
      `client.ts --count 1 takes ${
        clientMs!.toFixed(1)
      } ms, a script that sends and receives one ` +
      `datagram ${emptyMs!.toFixed(1)} ms: ${ratio.toFixed(2)} times`,
    ];
  } finally {
    await server.stop();
  }
}

async function wallMs(script: string, ...args: string[]): Promise<number> {
  const startMs = performance.now();
  await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", "--unstable-net", script, ...args],
    stdout: "null",
    stderr: "null",
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  return performance.now() - startMs;
}
