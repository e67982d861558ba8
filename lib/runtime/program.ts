/**
 * What both scripts do around their work: lines, complaints, signals, the exit code.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import { LineWriter } from "./writer.ts";

/** Where the lines of a program go. */
export interface Terminal {
  /** Writes a line to standard output; `always`: it is not dropped, even if nobody reads. */
  readonly line: (text: string, always?: boolean) => void;
  /** Writes a line to standard error. */
  readonly complain: (text: string) => void;
  /** Whether lines may have colour: they go to a terminal, and `NO_COLOR` isn't set. */
  readonly colour: boolean;
  /** The width of the terminal, columns. */
  readonly columns: number;
}

/** The exit code after wrong usage, and of a program that could not start or could not print. */
export const EXIT_UNABLE = 2;

/**
 * What a program does: takes its arguments and returns its exit code.
 *
 * `stop` is aborted when it is to end: after Ctrl-C or SIGTERM, or when standard output takes no
 * more lines.
 */
export type Main = (
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
) => Promise<number>;

/** Runs a program to its end and sets the exit code of the process. */
export async function runProgram(name: string, main: Main): Promise<void> {
  const stopping = new AbortController();
  const complain = (text: string) => writeComplaint(`${name}: ${text}\n`);
  let outputLost = false;
  const writer = new LineWriter(Deno.stdout, (failure, reason) => {
    // A closed pipe (`| head`) is the reader's way to say "enough", and no error.
    outputLost = failure === "failed";
    if (outputLost) complain(`can't write to standard output: ${reason}`);
    stopping.abort();
  });
  const forgetSignals = onStopSignal(() => stopping.abort());
  const terminal: Terminal = {
    line: (text, always) => writer.line(text, always),
    complain,
    colour: Deno.stdout.isTerminal() && !Deno.noColor,
    columns: terminalColumns(),
  };
  try {
    const exitCode = await main(Deno.args, terminal, stopping.signal);
    await writer.flush();
    if (writer.dropped > 0) {
      complain(`${writer.dropped} lines were dropped: standard output was read too slowly`);
    }
    // All is written. Leaving now saves the 1 to 2 ms in which Deno looks for more work.
    Deno.exit(outputLost ? EXIT_UNABLE : exitCode);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    await writer.flush();
    complain(error.message);
    Deno.exitCode = EXIT_UNABLE;
  } finally {
    forgetSignals();
  }
}

/**
 * A signal that follows the first within this time, milliseconds, is the same wish once more.
 *
 * At a terminal, one Ctrl-C reaches a program that `deno task` has started up to three times: from
 * the terminal, and from the task, which passes it on.
 */
const SAME_WISH_MS = 500;

/**
 * Calls back on the first Ctrl-C or SIGTERM; a later one ends the process, as without a listener.
 */
function onStopSignal(callback: () => void): () => void {
  // Windows has no SIGTERM; Ctrl-Break comes closest.
  const signals: Deno.Signal[] = ["SIGINT", Deno.build.os === "windows" ? "SIGBREAK" : "SIGTERM"];
  const forget = () => signals.forEach((signal) => Deno.removeSignalListener(signal, first));
  let stopped = false;
  const first = () => {
    if (stopped) return;
    stopped = true;
    Deno.unrefTimer(setTimeout(forget, SAME_WISH_MS));
    callback();
  };
  for (const signal of signals) Deno.addSignalListener(signal, first);
  return forget;
}

function writeComplaint(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // Standard error is closed: nobody can read a complaint.
  }
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    // Not a terminal.
    return 80;
  }
}
