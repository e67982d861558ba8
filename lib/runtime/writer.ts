/**
 * Lines for standard output, written without ever holding up the program.
 *
 * @module
 */

import { openAlarm } from "./alarm.ts";
import { reasonOf } from "./reason.ts";

/** Where bytes go; `Deno.stdout` is one. */
export interface Sink {
  /** Writes some of the bytes, and returns how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Called once when the sink fails: its reader has closed it, or writing failed. */
export type OnWriteError = (failure: "closed" | "failed", reason: string) => void;

// The first line is written at once; lines that follow within this time are written together.
const WRITE_EVERY_MS = 50;
const CHUNK_BYTES = 1 << 16;
// When 4 MiB wait for a reader that has stopped reading, further lines are dropped.
const MAX_CHUNKS = 64;

interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  used: number;
}

/**
 * Collects lines and writes them in large pieces, one piece at a time.
 *
 * A slow reader (a paused terminal, a slow disk) holds up the writing only. The program goes on;
 * when too much is waiting, whole lines are dropped and counted. Lines wait as bytes in reused
 * buffers: V8 would promote waiting strings to its old generation, which made the heap ten times as
 * large.
 */
export class LineWriter {
  readonly #sink: Sink;
  readonly #onError: OnWriteError;
  readonly #encoder = new TextEncoder();
  readonly #spare: Chunk[] = [];
  #waiting: Chunk[] = [];
  #dropped = 0;
  #broken = false;
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

  /** The number of lines dropped because the reader was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Takes a line, without its line feed, and writes it soon.
   *
   * @param always true: the line is not dropped, however much is waiting
   */
  line(text: string, always = false): void {
    if (this.#broken) return;
    const chunk = this.#chunkFor(text, always);
    if (chunk === undefined) {
      this.#dropped++;
      return;
    }
    chunk.used += this.#encoder.encodeInto(text, chunk.bytes.subarray(chunk.used)).written;
    chunk.bytes[chunk.used++] = LINE_FEED;
    this.#writeSoon();
  }

  /** Returns when all waiting lines are written. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined || this.#waiting.length > 0) {
      this.#isSet = false;
      this.#alarm.set(undefined);
      this.#writing ??= this.#write();
      await this.#writing;
    }
  }

  /** Returns a chunk with room for a line; `undefined` when too much is waiting. */
  #chunkFor(text: string, always: boolean): Chunk | undefined {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    const needed = text.length * 3 + 1;
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.bytes.length - last.used >= needed) return last;
    if (this.#waiting.length >= MAX_CHUNKS && !always) return undefined;
    const chunk = needed <= CHUNK_BYTES && this.#spare.pop() ||
      { bytes: new Uint8Array(Math.max(CHUNK_BYTES, needed)), used: 0 };
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
    try {
      for (const { bytes, used } of chunks) {
        for (let at = 0; at < used;) at += await this.#sink.write(bytes.subarray(at, used));
      }
    } catch (error) {
      this.#broken = true;
      this.#waiting = [];
      const closed = error instanceof Deno.errors.BrokenPipe;
      this.#onError(closed ? "closed" : "failed", reasonOf(error));
    }
    for (const chunk of chunks) if (chunk.bytes.length === CHUNK_BYTES) this.#spare.push(chunk);
    for (const chunk of this.#spare) chunk.used = 0;
    this.#lastWriteMs = performance.now();
    this.#writing = undefined;
    if (this.#waiting.length > 0) this.#writeSoon();
  }
}

const LINE_FEED = "\n".charCodeAt(0);
