/**
 * Lines out of a stream of bytes.
 *
 * @module
 */

/**
 * Yields each line without its end; what comes after the last end is no line: its writer died over
 * it.
 */
export async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
