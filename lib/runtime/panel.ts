/**
 * Lines at the foot of a terminal that are redrawn in place, on the normal screen: what is told
 * besides scrolls above them, and the last ones stay. Loaded only where they are wanted.
 *
 * Nothing but the cursor moves: no raw mode, no other screen, so that nothing is left to restore.
 *
 * @module
 */

import type { PanelSize } from "../views/fleet_panel.ts";
import type { LineWriter } from "./writer.ts";

/** A window that doesn't say its size. */
const DEFAULT_SIZE: PanelSize = { columns: 80, rows: 24 };

/**
 * It is redrawn every second. After a longer time the program was stopped, and the lines of the
 * shell stand below: a timer may be heard sooner than the signal that it goes on.
 */
const LONGEST_GAP_MS = 1500;

/** The panel of a program. */
export class Panel {
  readonly #writer: Pick<LineWriter, "line" | "behind">;
  readonly #readSize: () => PanelSize;
  readonly #readNowMs: () => number;
  #lines: readonly string[] = [];
  /** So many lines of it stand on the screen, above the cursor. */
  #drawn = 0;
  #columns = 0;
  #drawnAtMs = -Infinity;

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

  /** Shows other lines, none wider than the window; a lower window has the first of them. */
  show(lines: readonly string[]): void {
    // A terminal that stands still, by Ctrl-S or a slow line, gets no old pictures afterwards.
    if (this.#writer.behind) return;
    this.#lines = lines;
    this.#draw([]);
  }

  /** Prints text above. */
  above(text: string): void {
    this.#draw([text]);
  }

  /** What stands on the screen is no longer where it was: it stays, and is drawn anew below. */
  abandon(): void {
    this.#drawn = 0;
  }

  /** Shows nothing any more; what stands there stays. */
  close(): void {
    this.#lines = [];
    this.#drawn = 0;
  }

  #draw(above: readonly string[]): void {
    const { columns, rows } = this.size;
    // In a narrower window the old lines may have been broken: nobody knows how many there are.
    const nowMs = this.#readNowMs();
    if (columns !== this.#columns || nowMs - this.#drawnAtMs > LONGEST_GAP_MS) this.abandon();
    [this.#columns, this.#drawnAtMs] = [columns, nowMs];
    const lines = this.#lines.slice(0, Math.max(1, rows - 1));
    const erase = this.#drawn === 0 ? "" : `\x1b[${this.#drawn}A\r\x1b[J`;
    this.#drawn = lines.length;
    const text = [...above, ...lines].join("\n");
    if (text !== "" || erase !== "") this.#writer.line(erase + text, above.length > 0);
  }
}

function sizeOfTerminal(): PanelSize {
  try {
    return Deno.consoleSize();
  } catch {
    return DEFAULT_SIZE;
  }
}
