/**
 * Lines at the foot of a terminal, redrawn in place on its normal screen. Events scroll above
 * them, and the last lines stay at the end. Loaded only where they are wanted.
 *
 * Nothing but the cursor moves: no raw mode, no other screen, so that nothing is left to restore.
 *
 * @module
 */

import { columnsOf } from "../text/columns.ts";
import type { PanelSize } from "../views/fleet_panel.ts";
import type { LineWriter } from "./writer.ts";

/** A window that doesn't say its size. */
const DEFAULT_SIZE: PanelSize = { columns: 80, rows: 24 };

/**
 * It is looked after every second. After a longer time the program was stopped, and the shell's
 * lines stand below: a timer may be heard sooner than the signal that it goes on.
 */
const LONGEST_GAP_MS = 1500;

/** After something is told it is drawn again so soon, milliseconds: much may be told at once. */
const REDRAW_MS = 100;

/** The panel of a program. */
export class Panel {
  readonly #writer: Pick<LineWriter, "line" | "behind">;
  readonly #readSize: () => PanelSize;
  readonly #readNowMs: () => number;
  #lines: readonly string[] = [];
  /** The lines of it that stand on the screen, above the cursor: how wide each is. */
  #drawn: readonly number[] = [];
  #columns = 0;
  #seenAtMs = -Infinity;
  #drawnAtMs = -Infinity;
  #redrawing: ReturnType<typeof setTimeout> | undefined;

  /**
   * Begins without lines.
   *
   * @param readSize reads the size of the window; left out: the terminal's
   * @param readNowMs reads the monotonic clock
   */
  constructor(
    writer: Pick<LineWriter, "line" | "behind">,
    readSize: () => PanelSize = sizeOfTerminal,
    readNowMs: () => number = () => performance.now(),
  ) {
    this.#writer = writer;
    this.#readSize = readSize;
    this.#readNowMs = readNowMs;
  }

  /** The size of the window now. */
  get size(): PanelSize {
    return this.#readSize();
  }

  /** Looks after it, at least once a second: was the program stopped meanwhile? */
  tick(): void {
    const nowMs = this.#readNowMs();
    if (nowMs - this.#seenAtMs > LONGEST_GAP_MS) this.abandon();
    this.#seenAtMs = nowMs;
  }

  /** Shows other lines, none wider than the window; a lower window has the first of them. */
  show(lines: readonly string[]): void {
    this.#lines = lines;
    // A terminal that stands still, by Ctrl-S or a slow line, gets no old pictures afterwards.
    if (!this.#writer.behind) this.#write("", true, false);
  }

  /** Prints text above; `always`: it is not dropped, even if nobody reads. */
  above(text: string, always = false): void {
    this.tick();
    const soon = this.#readNowMs() - this.#drawnAtMs < REDRAW_MS;
    const redraw = !soon && !this.#writer.behind;
    this.#write(`${text}\n`, redraw, always);
    if (redraw || this.#lines.length === 0) return;
    this.#redrawing ??= setTimeout(() => {
      this.#redrawing = undefined;
      this.show(this.#lines);
    }, REDRAW_MS);
  }

  /** What stands on the screen is no longer where it was: it stays, and is drawn anew below. */
  abandon(): void {
    this.#drawn = [];
  }

  /** Shows these lines for the last time, and nothing any more; what stands there stays. */
  close(lines: readonly string[] = this.#lines): void {
    clearTimeout(this.#redrawing);
    this.#lines = lines;
    this.#write("", true, true);
    this.#lines = [];
    this.#drawn = [];
  }

  /** Wipes the lines, writes a text that ends its line instead, and, if wanted, them below. */
  #write(text: string, withLines: boolean, always: boolean): void {
    const { columns, rows } = this.size;
    const up = this.#rowsDrawn(columns);
    const wipe = up === 0 ? "" : `\x1b[${up}A\r\x1b[J`;
    const lines = withLines ? this.#lines.slice(0, Math.max(1, rows - 1)) : [];
    this.#drawn = lines.map((line) => columnsOf(withoutColours(line)));
    [this.#columns, this.#drawnAtMs] = [columns, withLines ? this.#readNowMs() : this.#drawnAtMs];
    const all = wipe + text + lines.join("\n");
    // The writer ends the last line.
    if (all === "") return;
    this.#writer.line(lines.length > 0 ? all : all.replace(/\n$/, ""), always);
  }

  /** How many rows the drawn lines take in a window of this width: a narrower one breaks them. */
  #rowsDrawn(columns: number): number {
    if (columns >= this.#columns) return this.#drawn.length;
    return this.#drawn.reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
  }
}

function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex -- colours begin with one
  return text.replace(/\x1b\[\d+m/g, "");
}

/** Some terminals have no size, and say 0. */
function sizeOfTerminal(): PanelSize {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || DEFAULT_SIZE.columns, rows: rows || DEFAULT_SIZE.rows };
  } catch {
    return DEFAULT_SIZE;
  }
}
