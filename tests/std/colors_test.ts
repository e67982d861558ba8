import { assertEquals } from "@std/assert";
import { bold, cyan, dim, green, red, stripAnsiCode, yellow } from "@std/fmt/colors";

/** What a styled text should be, given whether this run has colours. */
const styled = (text: string) => Deno.noColor ? stripAnsiCode(text) : text;

Deno.test("a style wraps the text in its codes", () => {
  for (
    const [style, open, close] of [
      [bold, 1, 22],
      [dim, 2, 22],
      [red, 31, 39],
      [green, 32, 39],
      [yellow, 33, 39],
      [cyan, 36, 39],
    ] as const
  ) {
    for (const text of ["", "text", "a\nb", "$&"]) {
      assertEquals(
        style(text),
        styled(`\x1b[${open}m${text}\x1b[${close}m`),
      );
    }
  }
});

Deno.test("an outer style goes on after an inner one ends", () => {
  for (
    const [actual, expected] of [
      [
        red(`a${green("b")}c`),
        "\x1b[31ma\x1b[32mb\x1b[31mc\x1b[39m",
      ],
      [
        bold(`a${dim("b")}c`),
        "\x1b[1ma\x1b[2mb\x1b[1mc\x1b[22m",
      ],
      [
        red(`a${bold("b")}c`),
        "\x1b[31ma\x1b[1mb\x1b[22mc\x1b[39m",
      ],
    ] as const
  ) assertEquals(actual, styled(expected));
});

Deno.test("stripping removes escape codes and nothing else", () => {
  for (
    const [text, expected] of [
      ["", ""],
      ["plain [31m text", "plain [31m text"],
      [red(`a${bold(cyan("b"))}c`), "abc"],
      ["\x1b[1;31mred\x1b[0m", "red"],
      ["\x1b[38;5;196mred\x1b[39m", "red"],
      ["\x9b31mred", "red"],
      ["\x1b[2K\x1b[1Aline", "line"],
      ["\x1b[?25lhidden\x1b[?25h", "hidden"],
      ["\x1b]8;;http://a/?b=1\x07link\x1b]8;;\x07", "link"],
      ["a\x1b", "a\x1b"],
    ] as const
  ) assertEquals(stripAnsiCode(text), expected);
});
