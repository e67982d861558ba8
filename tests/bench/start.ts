/**
 * How long the client takes to start and end.
 *
 * @module
 */

import type { OnRound } from "./rounds.ts";
import { Program } from "../support/process.ts";
import { QUIET_SERVER, startContender } from "./contender.ts";
import { median, medianRatio } from "./median.ts";

/**
 * Runs `client.ts --count 1` and a script that sends one datagram in turn; returns the lines to
 * print.
 */
export async function measureStart(rounds: number, onRound: OnRound): Promise<string[]> {
  const server = await startContender(QUIET_SERVER);
  try {
    const runClient = () => wallMs("client.ts", "--count=1", `127.0.0.1:${server.port}`);
    const runEmpty = () => wallMs("tests/bench/one_datagram.ts");
    // Once, so that Deno has both in its cache.
    await runEmpty();
    await runClient();
    const pairs: [emptyMs: number, clientMs: number][] = [];
    for (let i = 0; i < rounds; i++) {
      onRound("start", i);
      pairs.push([await runEmpty(), await runClient()]);
    }
    const [emptyMs, clientMs] = [0, 1].map((i) => median(pairs.map((pair) => pair[i]!)));
    const ratio = medianRatio(pairs.map(([, ms]) => ms), pairs.map(([ms]) => ms));
    const [client, empty] = [clientMs!.toFixed(1), emptyMs!.toFixed(1)];
    return [
      `client.ts --count 1 takes ${client} ms, a script that sends and receives one ` +
      `datagram ${empty} ms: ${ratio.toFixed(2)} times`,
    ];
  } finally {
    await server.stop();
  }
}

async function wallMs(script: string, ...args: string[]): Promise<number> {
  const startMs = performance.now();
  await Program.deno(["--allow-net"], script, args, { mute: true }).ended;
  return performance.now() - startMs;
}
