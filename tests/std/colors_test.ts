import { assertEquals } from "@std/assert";
import { cyan, dim, green, red, yellow } from "@std/fmt/colors";

/** The text that a style should give: with its codes only if this run has colours. */
const styled = (text: string) =>
  // deno-lint-ignore no-control-regex -- escape codes begin with a control character
  Deno.noColor ? text.replace(/\x1b\[\d+m/g, "") : text;

Deno.test("a style wraps the text in its codes", () => {
  for (
    const [style, open, close] of [
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
        dim(`a${dim("b")}c`),
        "\x1b[2ma\x1b[2mb\x1b[2mc\x1b[22m",
      ],
      [
        red(`a${dim("b")}c`),
        "\x1b[31ma\x1b[2mb\x1b[22mc\x1b[39m",
      ],
    ] as const
  ) assertEquals(actual, styled(expected));
});
