import { assertEquals } from "@std/assert";
import { TokenBucket } from "../../lib/admission/token_bucket.ts";

const taken = (bucket: TokenBucket, times: number, nowMs: number, reserve = 0) =>
  Array.from({ length: times }, () => bucket.take(nowMs, reserve)).filter(Boolean).length;

Deno.test("a bucket gives what it holds at once, and then what comes back", () => {
  const bucket = new TokenBucket(10, 5);
  assertEquals(taken(bucket, 9, 1000), 5);
  assertEquals(taken(bucket, 9, 1099), 0);
  assertEquals(taken(bucket, 9, 1300), 3);
  assertEquals(taken(bucket, 9, 1_000_000), 5);
});

Deno.test("over a long time no more than the rate comes out, and no less", () => {
  const bucket = new TokenBucket(100, 100);
  let out = 0;
  for (let ms = 0; ms < 60_000; ms++) out += taken(bucket, 3, ms);
  assertEquals(out, 6099);
});

Deno.test("a reserve is left to others", () => {
  const bucket = new TokenBucket(10, 10);
  assertEquals(taken(bucket, 9, 0, 4), 6);
  assertEquals(taken(bucket, 9, 0), 4);
});

Deno.test("a clock that goes back gives no tokens, and takes none away", () => {
  const bucket = new TokenBucket(10, 5);
  assertEquals(taken(bucket, 3, 1000), 3);
  assertEquals(taken(bucket, 9, 0), 2);
});

Deno.test("a bucket that was filled is as a new one", () => {
  const bucket = new TokenBucket(1, 2);
  while (bucket.take(1_000_000));
  bucket.fill();
  // Its clock starts over, too: this moment is before the last one.
  assertEquals([0, 0, 0, 1000].map((atMs) => bucket.take(atMs)), [true, true, false, true]);
});
