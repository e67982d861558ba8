/**
 * A host that is off, as BSD and macOS report it: there a dead host on the same link makes `send`
 * itself fail.
 */

import { assertEquals } from "@std/assert";
import type { MonitorEvent } from "../../lib/monitor/events.ts";
import { SoloMonitor } from "../../lib/monitor/solo_monitor.ts";
import { openClocks } from "../../lib/runtime/clock.ts";
import { drive } from "../../lib/runtime/drive.ts";
import type { Socket } from "../../lib/runtime/socket.ts";

const TARGET = { hostname: "192.0.2.2", port: 12000 };

/** A socket that echoes the first heartbeat, and whose sends then fail. */
class FailingSocket implements Socket {
  readonly transport = "deno";
  readonly local = { hostname: "0.0.0.0", port: 50000 };
  readonly #failure: Error;
  #sent = 0;
  #arrived = Promise.withResolvers<Uint8Array>();

  constructor(failure: Error) {
    this.#failure = failure;
  }

  async receive(buffer: Uint8Array): Promise<readonly [Uint8Array, typeof TARGET]> {
    const bytes = await this.#arrived.promise;
    this.#arrived = Promise.withResolvers();
    buffer.set(bytes);
    return [buffer.subarray(0, bytes.length), TARGET];
  }

  send(bytes: Uint8Array): Promise<void> {
    if (this.#sent++ > 0) return Promise.reject(this.#failure);
    this.#arrived.resolve(bytes.slice());
    return Promise.resolve();
  }

  close(): void {
    this.#arrived.reject(new Error("Interrupted"));
  }
}

async function run(failure: Error) {
  const states: string[] = [];
  let verdict: string | undefined;
  const report = (event: MonitorEvent) => {
    if (event.type === "state") states.push(`${event.to}: ${event.reason}`);
    if (event.type === "summary") verdict = event.verdict;
  };
  const machine = new SoloMonitor({
    target: TARGET,
    count: 8,
    intervalMs: 0,
    // Half of it is how late a timer may be on a busy machine.
    timeoutMs: 100,
    maxLosses: 3,
    watch: false,
  });
  const socket = new FailingSocket(failure);
  const stop = new AbortController().signal;
  // The loop's own alarm doesn't keep a process alive, as an open socket does.
  const alive = setInterval(() => {}, 1000);
  await drive({ machine, sockets: [socket], readClocks: openClocks(), report, stop });
  clearInterval(alive);
  return { verdict, states };
}

Deno.test("a host that is off, by the system's word for each send, has stopped", async () => {
  const number = Deno.build.os === "linux" ? 112 : Deno.build.os === "windows" ? 10064 : 64;
  const hostDown = new Error(`Host is down (os error ${number})`);
  const noRoute = Object.assign(new Error("No route to host"), { code: "EHOSTUNREACH" });
  for (const failure of [hostDown, noRoute]) {
    assertEquals(await run(failure), {
      verdict: "stopped",
      states: ["up: answered", "suspect: unanswered", "down: unanswered"],
    });
  }
});

Deno.test("a network that is down says nothing about the host", async () => {
  const networkDown = new Error("Network is down (os error 100)");
  assertEquals(await run(networkDown), {
    verdict: "unknown",
    states: ["up: answered", "unknown: unsent"],
  });
});
