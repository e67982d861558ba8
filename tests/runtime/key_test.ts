import { assert, assertEquals } from "@std/assert";
import { hmacSeal } from "../../lib/runtime/key.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";

Deno.test("codes are HMAC-SHA-256, cut to 128 bits: the examples of RFC 4231", async () => {
  const table: [Uint8Array, string, string][] = [
    [bytesOf("Jefe"), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c7"],
    [new Uint8Array(20).fill(0x0c), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"],
    [
      new Uint8Array(131).fill(0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f",
    ],
  ];
  for (const [key, text, code] of table) {
    const seal = await hmacSeal(key);
    const expected = Uint8Array.from(code.match(/../g)!, (byte) => parseInt(byte, 16));
    assertEquals([...seal.mac(bytesOf(text))], [...expected]);
    assertEquals([...seal.mac(bytesOf(text.slice(0, 5)), bytesOf(text.slice(5)))], [...expected]);
    assert(seal.same(seal.mac(bytesOf(text)), expected));
    assert(!seal.same(seal.mac(bytesOf(text)), expected.with(15, 0)));
    assert(!seal.same(expected, expected.subarray(1)));
  }
});
