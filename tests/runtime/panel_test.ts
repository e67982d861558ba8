import { assertEquals } from "@std/assert";
import { Panel } from "../../lib/runtime/panel.ts";

const ESC = "\\u001b";

/** What goes up some lines and erases all below, and the rest. */
const ERASED = new RegExp(`^(?:${ESC}\\[(\\d+)A\\r${ESC}\\[J)?([\\s\\S]*)$`);

/** A terminal that does what the panel's escapes say. */
class Screen {
  readonly lines: string[] = [];
  behind = false;
  size = { columns: 80, rows: 24 };
  nowMs = 0;
  readonly panel = new Panel(this, () => this.size, () => this.nowMs);

  line(text: string): void {
    const [, up, rest] = ERASED.exec(text)!;
    this.lines.splice(this.lines.length - Number(up ?? 0));
    this.lines.push(...rest!.split("\n"));
  }
}

Deno.test("a panel is redrawn in place, and what is told besides scrolls above it", () => {
  const screen = new Screen();
  const { panel } = screen;
  panel.show(["a", "b"]);
  panel.show(["c", "d", "e"]);
  assertEquals(screen.lines, ["c", "d", "e"]);
  panel.above("told\nin two lines");
  panel.show(["f"]);
  assertEquals(screen.lines, ["told", "in two lines", "f"]);
  panel.close();
  panel.above("the end");
  assertEquals(screen.lines, ["told", "in two lines", "f", "the end"]);
});

Deno.test("a window that is too low has the first lines", () => {
  const screen = new Screen();
  screen.size = { columns: 80, rows: 3 };
  screen.panel.show(["a", "b", "c", "d"]);
  assertEquals(screen.lines, ["a", "b"]);
});

Deno.test("a window of another width gets a panel anew: nobody knows where the old one ends", () => {
  const screen = new Screen();
  screen.panel.show(["a"]);
  screen.size = { columns: 60, rows: 24 };
  screen.panel.show(["b"]);
  assertEquals(screen.lines, ["a", "b"]);
});

Deno.test("after the program was stopped, the shell's lines are left alone", () => {
  const screen = new Screen();
  screen.panel.show(["a"]);
  screen.lines.push("[1]+ Stopped");
  screen.nowMs = 5000;
  screen.panel.show(["b"]);
  assertEquals(screen.lines, ["a", "[1]+ Stopped", "b"]);
  screen.lines.push("fg");
  screen.panel.abandon();
  screen.panel.show(["c"]);
  assertEquals(screen.lines, ["a", "[1]+ Stopped", "b", "fg", "c"]);
});

Deno.test("a terminal that takes nothing gets no old pictures later, but what was told", () => {
  const screen = new Screen();
  screen.panel.show(["a"]);
  screen.behind = true;
  screen.panel.show(["b"]);
  assertEquals(screen.lines, ["a"]);
  screen.panel.above("told");
  assertEquals(screen.lines, ["told", "a"]);
});
