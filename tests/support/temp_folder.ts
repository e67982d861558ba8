/**
 * A folder for what programs read and write in a test, which may not write itself.
 *
 * @module
 */

import { Program } from "./process.ts";

/** A folder that is gone at the end. */
export class TempFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** Makes an empty one. */
  static async make(): Promise<TempFolder> {
    const { lines } = await new Program("mktemp", ["-d"]).end();
    return new TempFolder(lines[0]!);
  }

  /** Writes a file, and returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = `${this.path}/${name}`;
    await new Program("sh", ["-c", 'printf %s "$1" > "$0"', path, text]).end();
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Program("rm", ["-rf", this.path]).end();
  }
}
