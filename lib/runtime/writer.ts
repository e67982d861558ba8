/**
 * Lines for standard output and standard error, written without ever holding up the program.
 *
 * @module
 */

import { openAlarm, pause } from "./alarm.ts";
import { reasonOf } from "./reason.ts";

/** Where bytes go; `Deno.stdout` is one. */
export interface Sink {
  /** Writes some of the bytes, and returns how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Called when the sink fails: once when its reader has closed it, and whenever writing begins to
 * fail; then it is tried again.
 */
export type OnWriteError = (failure: "closed" | "failed", reason: string) => void;

// The first line is written at once; lines that follow within this time are written together.
const WRITE_EVERY_MS = 50;
const CHUNK_BYTES = 1 << 16;
// When 4 MiB wait for a reader that has stopped reading, further lines are dropped.
const MAX_CHUNKS = 64;

// A pipe that doesn't block is full: its reader may come back soon. A disk stays full for longer.
const RETRY_FULL_PIPE_MS = 20;
const RETRY_FAILED_MS = 250;

interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  used: number;
  written: number;
}

/**
 * Collects lines and writes them in large pieces, one piece at a time.
 *
 * A slow reader (a paused terminal, a slow disk) or a full disk holds up the writing only. The
 * program goes on; when too much is waiting, whole lines are dropped and counted. Lines wait as
 * bytes in reused buffers: V8 would promote waiting strings to its old generation, which made the
 * heap ten times as large.
 */
export class LineWriter {
  readonly #sink: Sink;
  readonly #onError: OnWriteError;
  readonly #encoder = new TextEncoder();
  readonly #spare: Chunk[] = [];
  #waiting: Chunk[] = [];
  #dropped = 0;
  #closed = false;
  #failing = false;
  readonly #alarm = openAlarm(false, () => {
    this.#isSet = false;
    this.#writing ??= this.#write();
  });
  #isSet = false;
  #lastWriteMs = -Infinity;
  #writing: Promise<void> | undefined;

  /** Makes a writer to the sink. */
  constructor(sink: Sink, onError: OnWriteError) {
    this.#sink = sink;
    this.#onError = onError;
  }

  /** The number of lines dropped because too many were waiting. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether the last attempt to write failed, so that lines wait to be tried again. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Whether lines wait because their reader is slow. */
  get behind(): boolean {
    return this.#writing !== undefined && this.#waiting.length > 0;
  }

  /**
   * Takes a line, without its line feed, and writes it soon.
   *
   * @param always true: the line is not dropped, however much is waiting
   */
  line(text: string, always = false): void {
    if (this.#closed) return;
    const chunk = this.#chunkFor(text, always);
    if (chunk === undefined) {
      this.#dropped++;
      return;
    }
    chunk.used += this.#encoder.encodeInto(text, chunk.bytes.subarray(chunk.used)).written;
    chunk.bytes[chunk.used++] = LINE_FEED;
    this.#writeSoon();
  }

  /**
   * Waits until all lines are written, or for this time, milliseconds; returns whether they are.
   */
  async flush(limitMs = Infinity): Promise<boolean> {
    const untilMs = performance.now() + limitMs;
    const limit = limitMs === Infinity ? new Promise<void>(() => {}) : pause(limitMs);
    while (this.#writing !== undefined || this.#waiting.length > 0) {
      if (performance.now() >= untilMs) return false;
      this.#isSet = false;
      this.#alarm.set(undefined);
      this.#writing ??= this.#write();
      await Promise.race([this.#writing, limit]);
    }
    return true;
  }

  /** Returns a chunk with room for a line; `undefined` when too much is waiting. */
  #chunkFor(text: string, always: boolean): Chunk | undefined {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    const needed = text.length * 3 + 1;
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.bytes.length - last.used >= needed) return last;
    if (this.#waiting.length >= MAX_CHUNKS && !always) return undefined;
    const chunk = needed <= CHUNK_BYTES && this.#spare.pop() ||
      { bytes: new Uint8Array(Math.max(CHUNK_BYTES, needed)), used: 0, written: 0 };
    this.#waiting.push(chunk);
    return chunk;
  }

  #writeSoon(): void {
    if (this.#isSet || this.#writing !== undefined) return;
    this.#isSet = true;
    this.#alarm.set(this.#lastWriteMs + WRITE_EVERY_MS - performance.now());
  }

  async #write(): Promise<void> {
    const chunks = this.#waiting;
    this.#waiting = [];
    const done = await this.#writeAll(chunks);
    for (const chunk of done) {
      if (chunk.bytes.length !== CHUNK_BYTES) continue;
      [chunk.used, chunk.written] = [0, 0];
      this.#spare.push(chunk);
    }
    if (this.#closed) this.#waiting = [];
    else if (done.length < chunks.length) this.#waiting.unshift(...chunks.slice(done.length));
    this.#lastWriteMs = performance.now();
    this.#writing = undefined;
    if (this.#waiting.length > 0) this.#writeSoon();
  }

  /** Writes chunks, as far as the sink takes them, and returns those that are written. */
  async #writeAll(chunks: readonly Chunk[]): Promise<readonly Chunk[]> {
    for (const [i, chunk] of chunks.entries()) {
      try {
        while (chunk.written < chunk.used) {
          chunk.written += await this.#sink.write(chunk.bytes.subarray(chunk.written, chunk.used));
        }
        this.#failing = false;
      } catch (error) {
        await this.#fail(error);
        return chunks.slice(0, i);
      }
    }
    return chunks;
  }

  async #fail(error: unknown): Promise<void> {
    if (error instanceof Deno.errors.BrokenPipe) {
      this.#closed = true;
      this.#onError("closed", reasonOf(error));
    } else if (error instanceof Deno.errors.WouldBlock) {
      await wait(RETRY_FULL_PIPE_MS);
    } else {
      if (!this.#failing) this.#onError("failed", reasonOf(error));
      this.#failing = true;
      await wait(RETRY_FAILED_MS);
    }
  }
}

/** Waits, and keeps the program running meanwhile: nothing else does, once all work is done. */
function wait(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}

const LINE_FEED = "\n".charCodeAt(0);
