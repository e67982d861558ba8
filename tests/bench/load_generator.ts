/**
 * The load generator's process, as the benchmark sees it.
 *
 * @module
 */

import { linesOf } from "../support/lines.ts";
import type { LoadOrder, LoadResult } from "./load.ts";
import { projectPath } from "./project_path.ts";

/** A load generator that waits for orders. */
export class LoadGenerator {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;

  /** Starts one. */
  constructor() {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-ffi", projectPath("tests/bench/load.ts")],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Has a load made, and returns what came of it. */
  async run(order: LoadOrder): Promise<LoadResult> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`));
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the load generator has ended");
    return JSON.parse(value);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    // It may have ended by itself: Ctrl-C at a terminal reaches it, too.
    await this.#writer.close().catch(() => {});
    await this.#lines.return?.();
    await this.#child.status;
  }
}
