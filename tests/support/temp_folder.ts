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
    // A text may be longer than an argument.
    const writer = new Program("sh", ["-c", 'cat > "$0"', path], { input: true });
    await writer.write(text);
    await writer.end();
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Program("rm", ["-rf", this.path]).end();
  }
}
