/**
 * What both scripts do around their work: lines, complaints, signals, the exit code.
 *
 * @module
 */

import { OperatorError } from "../text/operator_error.ts";
import type { Panel } from "./panel.ts";
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
  /**
   * Opens a panel at the foot of the lines, which then scroll above it; `undefined`: they go to no
   * terminal that can redraw.
   */
  readonly openPanel: (() => Promise<Panel>) | undefined;
  /** Calls back whenever somebody asks for the figures so far: SIGQUIT, or Ctrl-T where it is. */
  readonly onAsked: (callback: () => void) => void;
  /** Calls back on SIGHUP, which then ends the program no longer; Windows has none. */
  readonly onReload: (callback: () => void) => void;
}

/** The exit code after wrong usage, of a program that could not start or print, or that failed. */
export const EXIT_UNABLE = 2;

/**
 * What a program does: takes its arguments and returns its exit code.
 *
 * `stop` is aborted when it is to end: after Ctrl-C, SIGTERM or SIGHUP, or when the reader of
 * standard output has closed it.
 */
export type Main = (
  args: readonly string[],
  terminal: Terminal,
  stop: AbortSignal,
) => Promise<number>;

/** How a program that can't do its work ends, where it has its own way to say so. */
export interface Unable {
  /** A line for standard output, in place of the complaint. */
  readonly line: string;
  /** Its exit code. */
  readonly code: number;
}

/** At the end, lines that nobody reads are waited for no longer than this, milliseconds. */
const LAST_LINES_MS = 2000;

/**
 * Runs a program to its end and sets the exit code of the process.
 *
 * @param unable how it ends with these arguments when it can't do its work, for this reason;
 * `undefined`, or left out: with a complaint, and {@linkcode EXIT_UNABLE}
 */
export async function runProgram(
  name: string,
  main: Main,
  unable: (args: readonly string[], why: string) => Promise<Unable | undefined> = () =>
    Promise.resolve(undefined),
): Promise<void> {
  const stopping = new AbortController();
  const complaints = new LineWriter(Deno.stderr, () => {
    // Nobody can read a complaint.
  });
  const complain = (text: string) => complaints.line(`${name}: ${text}`);
  const lines = new LineWriter(Deno.stdout, (failure, reason) => {
    // A closed pipe (`| head`) is the reader's way to say "enough", and no error. The log of a full
    // disk must not end a server, nor a watch.
    if (failure === "closed") return stopping.abort();
    complain(`can't write to standard output: ${reason}; lines wait, and it is tried again`);
  });
  const end = async (exitCode: number) => {
    const written = await lines.flush(LAST_LINES_MS);
    if (lines.dropped > 0) {
      complain(`${lines.dropped} lines were dropped: standard output took too few`);
    }
    if (!written) complain("the last lines were not written: standard output took none");
    await complaints.flush(LAST_LINES_MS);
    // All is written. Leaving now saves the 1 to 2 ms in which Deno looks for more work.
    Deno.exit(!written && lines.failing ? EXIT_UNABLE : exitCode);
  };
  const giveUp = async (why: string) => {
    const own = await unable(Deno.args, why);
    if (own === undefined) complain(why);
    else lines.line(own.line, true);
    await end(own?.code ?? EXIT_UNABLE);
  };
  const fail = (error: unknown) => giveUp(`a fault of this program: ${faultOf(error)}`);
  // What nobody catches would end with the exit code that means "stopped".
  for (const type of ["error", "unhandledrejection"] as const) {
    globalThis.addEventListener(type, (event) => {
      event.preventDefault();
      fail("reason" in event ? event.reason : (event as ErrorEvent).error);
    });
  }
  let reload: (() => void) | undefined;
  let panel: Panel | undefined;
  const screen = Deno.stdout.isTerminal() && !isDumb();
  const openPanel = async () => {
    const { Panel } = await import("./panel.ts");
    return panel = new Panel(lines);
  };
  onStopSignal(() => stopping.abort(), () => reload);
  const terminal: Terminal = {
    line: (text, always) =>
      panel === undefined ? lines.line(text, always) : panel.above(text, always),
    // On the same terminal it would tear the panel.
    complain: (text) =>
      panel !== undefined && Deno.stderr.isTerminal()
        ? panel.above(`${name}: ${text}`, true)
        : complain(text),
    colour: screen && !Deno.noColor,
    columns: Deno.stdout.isTerminal() ? terminalColumns() : DEFAULT_COLUMNS,
    openPanel: screen ? openPanel : undefined,
    onAsked,
    onReload: (callback) => reload = callback,
  };
  try {
    await end(await main(Deno.args, terminal, stopping.signal));
  } catch (error) {
    if (!(error instanceof OperatorError)) return await fail(error);
    await giveUp(error.message);
  }
}

/** An error in one line: what it says, and where it was thrown. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, place = "an unknown place"] = /\n\s+at (.*)/.exec(error.stack ?? "") ?? [];
  return `${error.name}: ${error.message.replaceAll("\n", " ")} (${place})`;
}

/**
 * A signal that follows the first within this time, milliseconds, is the same wish once more.
 *
 * At a terminal, one Ctrl-C reaches a program that `deno task` has started up to three times: from
 * the terminal, and from the task, which passes it on.
 */
const SAME_WISH_MS = 500;

/**
 * Calls back on the first Ctrl-C, SIGTERM or SIGHUP; a later one ends the process, as without a
 * listener. Deno hears SIGHUP also under nohup.
 *
 * @param reloadOf what SIGHUP means instead; `undefined`: it means this
 */
function onStopSignal(callback: () => void, reloadOf: () => (() => void) | undefined): void {
  // Windows has no SIGTERM; Ctrl-Break comes closest.
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  const listeners = signals.map((signal) => {
    const listener = () => (signal === "SIGHUP" && reloadOf() || first)();
    return [signal, listener] as const;
  });
  const forget = () => {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  };
  let stopped = false;
  const first = () => {
    if (stopped) return;
    stopped = true;
    Deno.unrefTimer(setTimeout(forget, SAME_WISH_MS));
    callback();
  };
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
}

/** The signals that ask for figures; Windows has none of them, and Linux has no SIGINFO. */
function onAsked(callback: () => void): void {
  if (Deno.build.os === "windows") return;
  const signals: readonly Deno.Signal[] = Deno.build.os === "linux"
    ? ["SIGQUIT"]
    : ["SIGQUIT", "SIGINFO"];
  for (const signal of signals) Deno.addSignalListener(signal, callback);
}

/** The width of a screen that doesn't say. */
const DEFAULT_COLUMNS = 80;

/** Whether the terminal can only type, as far as this program may know. */
function isDumb(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return DEFAULT_COLUMNS;
  }
}
