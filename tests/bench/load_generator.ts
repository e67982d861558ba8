/**
 * The load generator's process, as the benchmark sees it.
 *
 * @module
 */

import { Program } from "../support/process.ts";
import type { LoadOrder, LoadResult } from "./load.ts";

/** A load generator that waits for orders. */
export class LoadGenerator {
  readonly #program = Program.deno(["--allow-ffi"], "tests/bench/load.ts", [], {
    input: true,
    deadlineMs: 0,
  });

  /** Makes a load, and returns what became of it. */
  async run(order: LoadOrder): Promise<LoadResult> {
    await this.#program.write(JSON.stringify(order));
    const line = await this.#program.nextLine();
    if (line === undefined) throw new Error(`the load generator ended: ${this.#program.stderr}`);
    return JSON.parse(line);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#program.stop();
  }
}
