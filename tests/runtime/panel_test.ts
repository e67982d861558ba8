import { assert, assertEquals } from "@std/assert";
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
    // A narrow window breaks lines, also those that stand there already, as most terminals do.
    const { columns } = this.size;
    for (const line of rest!.split("\n")) {
      for (let at = 0; at === 0 || at < line.length; at += columns) {
        this.lines.push(line.slice(at, at + columns));
      }
    }
  }

  /** The window gets another width, and breaks the lines that stand there anew. */
  narrow(columns: number): void {
    this.size = { ...this.size, columns };
    const all = this.lines.splice(0);
    for (const line of all) this.line(line);
  }
}

Deno.test("a panel is redrawn in place, and what is told besides scrolls above it", () => {
  const screen = new Screen();
  const { panel } = screen;
  panel.tick();
  panel.show(["a", "b"]);
  panel.show(["c", "d", "e"]);
  assertEquals(screen.lines, ["c", "d", "e"]);
  screen.nowMs = 1000;
  panel.above("told\nin two lines");
  assertEquals(screen.lines, ["told", "in two lines", "c", "d", "e"]);
  panel.show(["f"]);
  assertEquals(screen.lines, ["told", "in two lines", "f"]);
  panel.close(["g"]);
  panel.above("");
  panel.above("the end");
  assertEquals(screen.lines, ["told", "in two lines", "g", "", "the end"]);
});

Deno.test("a window that is too low has the first lines", () => {
  const screen = new Screen();
  screen.size = { columns: 80, rows: 3 };
  screen.panel.show(["a", "b", "c", "d"]);
  assertEquals(screen.lines, ["a", "b"]);
});

Deno.test("a narrower window breaks the lines of the panel, and all of them are wiped", () => {
  const screen = new Screen();
  screen.panel.tick();
  screen.panel.above("told");
  screen.nowMs = 1000;
  screen.panel.show(["a".repeat(70), "", "b".repeat(20)]);
  screen.narrow(30);
  assertEquals(screen.lines.length, 6);
  screen.panel.show(["c"]);
  assertEquals(screen.lines, ["told", "c"]);
  screen.narrow(90);
  screen.panel.show(["d"]);
  assertEquals(screen.lines, ["told", "d"]);
});

Deno.test("after the program was stopped, the shell's lines are left alone", () => {
  const screen = new Screen();
  screen.panel.tick();
  screen.panel.show(["a"]);
  screen.lines.push("[1]+ Stopped");
  screen.nowMs = 5000;
  screen.panel.tick();
  screen.panel.show(["b"]);
  assertEquals(screen.lines, ["a", "[1]+ Stopped", "b"]);
  screen.lines.push("fg");
  screen.panel.abandon();
  screen.panel.show(["c"]);
  assertEquals(screen.lines, ["a", "[1]+ Stopped", "b", "fg", "c"]);
});

Deno.test("a terminal that takes nothing gets no old pictures later, but what was told", () => {
  const screen = new Screen();
  screen.panel.tick();
  screen.panel.show(["a"]);
  screen.behind = true;
  for (screen.nowMs = 1000; screen.nowMs < 5000; screen.nowMs += 1000) {
    screen.panel.tick();
    screen.panel.show([`picture ${screen.nowMs}`]);
    screen.panel.above(`told ${screen.nowMs}`);
  }
  assertEquals(screen.lines, ["told 1000", "told 2000", "told 3000", "told 4000"]);
  screen.panel.close();
});

Deno.test("much that is told at once has one picture below, and not one each", () => {
  const screen = new Screen();
  screen.panel.tick();
  screen.panel.show(["a"]);
  let written = 0;
  const line = screen.line.bind(screen);
  screen.line = (text) => {
    written += text.length;
    line(text);
  };
  for (let i = 0; i < 100; i++) screen.panel.above("told");
  assertEquals(screen.lines.length, 100);
  assert(written < 100 * "told\n".length + 20, `${written} characters`);
  screen.panel.close();
  assertEquals(screen.lines.at(-1), "a");
});
