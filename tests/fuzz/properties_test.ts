/**
 * What must hold whatever comes, in a thousand random cases each; `deno task fuzz` runs a million.
 */

import { assertThrows } from "@std/assert";
import { derivedRandom, type Random } from "../../lib/impairment/random.ts";
import {
  checkAddress,
  checkClient,
  checkDifference,
  checkParsers,
  checkServer,
} from "./properties.ts";
import {
  randomAddress,
  randomBytes,
  randomClientCase,
  randomDifference,
  randomServerCase,
} from "./random_cases.ts";

const SEED = 20251122;
const CASES = 1000;

/** Checks a property in many cases, and names the number of the case that fails. */
function checkCases(check: (random: Random) => void): void {
  for (let number = 0; number < CASES; number++) {
    try {
      check(derivedRandom(SEED, number));
    } catch (error) {
      throw new Error(`case ${number}: ${error instanceof Error ? error.stack : error}`);
    }
  }
}

Deno.test("parsers: whatever the bytes, nothing is thrown, and what is good is read as the grammar says", () => {
  checkCases((random) => {
    for (let i = 0; i < 10; i++) checkParsers(randomBytes(random));
  });
});

Deno.test("addresses: whatever the text, one that is read is read again, and names are refused in a line", () => {
  checkCases((random) => {
    for (let i = 0; i < 10; i++) checkAddress(randomAddress(random));
  });
});

Deno.test("time differences: of whatever size, people read what the wire says, and the client reads it back", () => {
  checkCases((random) => {
    checkDifference(...randomDifference(random));
  });
});

Deno.test("server: whatever happens, every datagram counts once, and no reply is a request or too long", () => {
  checkCases((random) => checkServer(randomServerCase(random)));
});

Deno.test("client: whatever happens, sent = received + lost + outstanding, and it always comes to an end", () => {
  checkCases((random) => checkClient(randomClientCase(random)));
});

Deno.test("the properties can fail: a difference that no reply can carry is found", () => {
  assertThrows(() => checkDifference(1, 1e15), Error, "not_a_reply");
});
