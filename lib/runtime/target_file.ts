/**
 * Reads the lists of servers that an operator names: a file, or standard input.
 *
 * @module
 */

import { type ListedTarget, readJsonList, readTextList } from "../fleet/target_list.ts";
import { OperatorError } from "../text/operator_error.ts";
import { reasonOf } from "./reason.ts";
import { unlessStopped } from "./unless_stopped.ts";

/** The name that stands for standard input. */
export const STANDARD_INPUT = "-";

/** Enough for a hundred thousand servers with labels; some files have no end. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Reads a list: in the form of Prometheus' `file_sd` where the file's name ends in `.json`, else a
 * line each.
 *
 * @param file its name, or {@linkcode STANDARD_INPUT}
 * @param stop aborted when the program is to stop
 * @throws {OperatorError} when it can't be read, or something in it is wrong
 */
export async function readTargetFile(file: string, stop?: AbortSignal): Promise<ListedTarget[]> {
  const source = sourceOf(file);
  const text = await unlessStopped(readText(file, source), stop, `the servers in ${source}`);
  return file.endsWith(".json") ? readJsonList(text, source) : readTextList(text, source);
}

/** What a list is called where people read of it. */
export function sourceOf(file: string): string {
  return file === STANDARD_INPUT ? "standard input" : file;
}

async function readText(file: string, source: string): Promise<string> {
  try {
    if (file === STANDARD_INPUT) return await textOf(Deno.stdin.readable, source);
    using opened = await Deno.open(file);
    return await textOf(opened.readable, source);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    if (error instanceof Deno.errors.NotFound) {
      throw new OperatorError(`there is no file ${file} to read the servers from`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new OperatorError(
        `no permission to read the servers in ${file}; run with --allow-read=${file}, or hand ` +
          "them over by --targets - and standard input",
      );
    }
    throw new OperatorError(`can't read the servers in ${source}: ${reasonOf(error)}`);
  }
}

async function textOf(readable: ReadableStream<Uint8Array>, source: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of readable) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new OperatorError(
        `${source} has more than ${MOST_BYTES / 2 ** 20} MiB; expected a list of servers`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
