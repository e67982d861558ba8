/**
 * Preloaded into a program (`deno run --preload`), lets it believe at each SIGUSR2 that its machine
 * has slept for eight hours, as Linux does it: the wall clock leaps, and the monotonic one has stood
 * still. A line of JSON on standard output says that the leap is done.
 *
 * @module
 */

const SLEEP_MS = 8 * 3600 * 1000;

let aheadMs = 0;
const now = Date.now;
const instant = Temporal.Now.instant;
Date.now = () => now() + aheadMs;
Temporal.Now.instant = () => instant().add({ milliseconds: aheadMs });

Deno.addSignalListener("SIGUSR2", () => {
  aheadMs += SLEEP_MS;
  Deno.stdout.writeSync(new TextEncoder().encode('{"type":"slept"}\n'));
});
