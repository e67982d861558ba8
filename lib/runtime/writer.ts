/**
 * Lines for standard output, written beside the work and never in its way.
 *
 * @module
 */

import { reasonOf } from "./reason.ts";

/** Where bytes go; `Deno.stdout` is one. */
export interface Sink {
  /** Writes some of the bytes, and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** What to do when the sink fails. */
export type OnWriteError = (failure: "closed" | "failed", reason: string) => void;

// A person sees a line at once; a flood of them is written in large pieces.
const WRITE_EVERY_MS = 50;
// What a reader that has stopped reading may hold back before lines are dropped.
const MAX_PENDING_CHARACTERS = 4 << 20;

/**
 * Collects lines and writes them in pieces, one at a time.
 *
 * A reader that doesn't keep up - a paused terminal, a slow disk - holds up the writing only: the program goes
 * on, and when too much is waiting, whole lines are dropped and counted.
 */
export class LineWriter {
  readonly #sink: Sink;
  readonly #onError: OnWriteError;
  readonly #encoder = new TextEncoder();
  #pending = "";
  #dropped = 0;
  #broken = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastWriteMs = -Infinity;
  #writing: Promise<void> | undefined;

  /** Makes a writer to the sink. */
  constructor(sink: Sink, onError: OnWriteError) {
    this.#sink = sink;
    this.#onError = onError;
  }

  /** The number of lines that were dropped because the reader was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a line, without its end, to be written soon. */
  line(text: string): void {
    if (this.#broken) return;
    if (this.#pending.length > MAX_PENDING_CHARACTERS) {
      this.#dropped++;
      return;
    }
    this.#pending += text + "\n";
    this.#writeSoon();
  }

  /** Writes all that is waiting, and returns when it is written. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined || this.#pending !== "") {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#writing ??= this.#write();
      await this.#writing;
    }
  }

  #writeSoon(): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    const delayMs = this.#lastWriteMs + WRITE_EVERY_MS - performance.now();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write();
    }, Math.max(0, delayMs));
  }

  async #write(): Promise<void> {
    const bytes = this.#encoder.encode(this.#pending);
    this.#pending = "";
    try {
      for (let at = 0; at < bytes.length;) at += await this.#sink.write(bytes.subarray(at));
    } catch (error) {
      this.#broken = true;
      this.#pending = "";
      const closed = error instanceof Deno.errors.BrokenPipe;
      this.#onError(closed ? "closed" : "failed", reasonOf(error));
    }
    this.#lastWriteMs = performance.now();
    this.#writing = undefined;
    if (this.#pending !== "") this.#writeSoon();
  }
}
