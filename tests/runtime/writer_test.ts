import { assert, assertEquals } from "@std/assert";
import { LineWriter } from "../../lib/runtime/writer.ts";

/** A sink that writes only after release(). */
class SlowSink {
  written = "";
  writes = 0;
  #release: (() => void) | undefined;

  async write(bytes: Uint8Array): Promise<number> {
    await new Promise<void>((resolve) => this.#release = resolve);
    this.writes++;
    this.written += new TextDecoder().decode(bytes);
    return bytes.length;
  }

  release(): void {
    this.#release?.();
  }
}

const never = () => {
  throw new Error("the sink did not fail");
};

Deno.test("lines are written in order, and flush() waits for all of them", async () => {
  let written = "";
  const sink = {
    // Writes three bytes at a time, as a pipe may.
    write: (bytes: Uint8Array) => {
      written += new TextDecoder().decode(bytes.subarray(0, 3));
      return Promise.resolve(Math.min(3, bytes.length));
    },
  };
  const writer = new LineWriter(sink, never);
  writer.line("one");
  writer.line("two");
  const flushed = writer.flush();
  writer.line("three");
  await flushed;
  await writer.flush();
  assertEquals(written, "one\ntwo\nthree\n");
});

Deno.test("a reader that stalls holds up no caller, and only one write is under way", async () => {
  const sink = new SlowSink();
  const writer = new LineWriter(sink, never);
  writer.line("first");
  const flushed = writer.flush();
  for (let i = 0; i < 1000; i++) writer.line(`line ${i}`);
  assertEquals(sink.written, "");
  sink.release();
  while (sink.writes < 1) await Promise.resolve();
  assertEquals(sink.written, "first\n");
  while (sink.writes < 2) {
    sink.release();
    await Promise.resolve();
  }
  await flushed;
  assertEquals(sink.written.split("\n").length, 1002);
});

Deno.test("too many lines for a stalled reader: some are dropped, whole, and counted", async () => {
  const sink = new SlowSink();
  const writer = new LineWriter(sink, never);
  const line = "x".repeat(1023);
  for (let i = 0; i < 10_000; i++) writer.line(line);
  writer.line("summary", true);
  assert(writer.dropped > 5000 && writer.dropped < 6500, `${writer.dropped} dropped`);
  let done = false;
  const flushed = writer.flush().then(() => done = true);
  while (!done) {
    sink.release();
    await Promise.resolve();
  }
  await flushed;
  assertEquals(sink.written.length, (10_000 - writer.dropped) * 1024 + "summary\n".length);
  assert(sink.written.endsWith("\nsummary\n"));
});

Deno.test("a reader that closes the sink is reported once, and later lines are lost", async () => {
  const failures: string[] = [];
  const writer = new LineWriter(
    { write: () => Promise.reject(new Deno.errors.BrokenPipe("gone")) },
    (failure, reason) => failures.push(`${failure}: ${reason}`),
  );
  writer.line("one");
  assertEquals(await writer.flush(), true);
  writer.line("two");
  assertEquals(await writer.flush(), true);
  assertEquals(failures, ["closed: gone"]);
});

/** A sink whose writes fail as long as there is an error, and which takes three bytes at a time. */
class FailingSink {
  written = "";
  tries = 0;
  error: Error | undefined;

  write(bytes: Uint8Array): Promise<number> {
    this.tries++;
    if (this.error !== undefined) return Promise.reject(this.error);
    this.written += new TextDecoder().decode(bytes.subarray(0, 3));
    return Promise.resolve(Math.min(3, bytes.length));
  }
}

Deno.test("a sink that fails is tried again, and no byte is lost or written twice", async () => {
  for (
    const [error, reports] of [
      [new Error("No space left on device (os error 28)"), ["failed: No space left on device"]],
      [new Deno.errors.WouldBlock("Resource temporarily unavailable"), []],
    ] as const
  ) {
    const failures: string[] = [];
    const sink = new FailingSink();
    const writer = new LineWriter(
      sink,
      (failure, reason) => failures.push(`${failure}: ${reason}`),
    );
    writer.line("one");
    await writer.flush();
    sink.error = error;
    writer.line("two");
    assertEquals(await writer.flush(60), false);
    assertEquals(writer.failing, reports.length > 0);
    writer.line("three");
    sink.error = undefined;
    assertEquals(await writer.flush(), true);
    assertEquals([sink.written, writer.failing], ["one\ntwo\nthree\n", false]);
    assertEquals(failures, [...reports]);
  }
});

Deno.test("lines for a sink that fails for long are bounded, and the dropped ones counted", async () => {
  const sink = new FailingSink();
  sink.error = new Error("No space left on device");
  const writer = new LineWriter(sink, () => {});
  for (let i = 0; i < 10_000; i++) writer.line("x".repeat(1023));
  assert(writer.dropped > 5000, `${writer.dropped} dropped`);
  assertEquals(await writer.flush(50), false);
  sink.error = undefined;
  sink.write = (bytes) => Promise.resolve(bytes.length);
  assertEquals(await writer.flush(), true);
});

Deno.test("flushing ends after its limit where nobody reads", async () => {
  const sink = new SlowSink();
  const writer = new LineWriter(sink, never);
  writer.line("first");
  // A real write keeps the program running.
  const running = setInterval(() => {}, 1000);
  const startedMs = performance.now();
  assertEquals(await writer.flush(100), false);
  assert(performance.now() - startedMs < 1000);
  clearInterval(running);
  sink.release();
  assertEquals(await writer.flush(), true);
});
