import { assertEquals } from "@std/assert";
import { nearest } from "../../lib/cli/near_miss.ts";

Deno.test("the nearest word is found, unless none is near", () => {
  const words = ["count", "timeout", "max-losses", "loss", "json"];
  const table: [string, string | undefined][] = [
    ["coutn", "count"],
    ["cont", "count"],
    ["countt", "count"],
    ["time-out", "timeout"],
    ["maxlosses", "max-losses"],
    ["los", "loss"],
    ["lsos", "loss"],
    ["port", undefined],
    ["c", undefined],
    ["", undefined],
    ["completely", undefined],
  ];
  for (const [word, meant] of table) assertEquals(nearest(word, words), meant, word);
});
