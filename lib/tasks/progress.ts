/**
 * Shows how far a task is, for a person who waits at a terminal.
 *
 * @module
 */

/** What {@linkcode Progress} needs of the program that it belongs to. */
export interface ProgressOptions {
  /** Prints a line of the task's result. */
  readonly line: (text: string) => void;
  /** Width of the terminal in columns; 0 where the terminal doesn't know it. */
  readonly columns: number;
  /** Shows nothing, for example because the output is JSON. */
  readonly silent?: boolean;
}

/** Printed lines reach the terminal up to 50 ms later; drawing earlier would mix the two. */
const PRINTED_AFTER_MS = 100;
const DEFAULT_COLUMNS = 80;
const BAR_CELLS = 40;

/**
 * One line on standard error, drawn over again and again, and wiped before anything else is
 * printed.
 *
 * It is shown only where standard error is a terminal.
 */
export class Progress {
  readonly #line: (text: string) => void;
  readonly #columns: number;
  readonly #shown: boolean;
  #drawn = false;

  /** Shows nothing yet. */
  constructor({ line, columns, silent = false }: ProgressOptions) {
    this.#line = line;
    // Many terminals begin a new line once the last column is used.
    this.#columns = (columns || DEFAULT_COLUMNS) - 1;
    this.#shown = !silent && Deno.stderr.isTerminal();
  }

  /** Replaces what is shown. */
  show(text: string): void {
    this.#write(`\r${text.slice(0, this.#columns).padEnd(this.#columns)}`);
    this.#drawn = true;
  }

  /** Shows a bar, and lets Ctrl-C be noticed between two long calculations. */
  async bar(done: number, total: number): Promise<void> {
    const cells = Math.round(done / total * BAR_CELLS);
    this.show(`[${"#".repeat(cells)}${".".repeat(BAR_CELLS - cells)}]`);
    await pause(0);
  }

  /** Prints lines of the result where the bar was. */
  async print(...lines: readonly string[]): Promise<void> {
    this.wipe();
    for (const line of lines) this.#line(line);
    await pause(this.#shown ? PRINTED_AFTER_MS : 0);
  }

  /** Removes what is shown. */
  wipe(): void {
    if (this.#drawn) this.#write(`\r${" ".repeat(this.#columns)}\r`);
    this.#drawn = false;
  }

  #write(text: string): void {
    if (this.#shown) Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
