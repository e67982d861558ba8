import { assertEquals } from "@std/assert";
import { RAREST_EVERY } from "../../lib/detect/verdict_worth.ts";
import { adviceText, chanceText } from "../../lib/report/chance.ts";
import { WORTH } from "./client_samples.ts";

Deno.test("the chance of an alarm is told as the range that is known, with two digits", () => {
  const table: [Partial<typeof WORTH>, string | undefined][] = [
    [{}, "3 losses in a row come by chance about once in 34 to 290 heartbeats."],
    [
      { everyHeartbeats: { low: 52.9, high: 53.1 } },
      "3 losses in a row come by chance about once in 53 heartbeats.",
    ],
    [{ limit: 1 }, "1 loss comes by chance about once in 34 to 290 heartbeats."],
    [
      { newer: 1 },
      "3 losses in a row and 1 more unanswered heartbeat after that come by chance about once in " +
      "34 to 290 heartbeats.",
    ],
    [
      { newer: 12, everyHeartbeats: { low: 123_456, high: RAREST_EVERY } },
      "3 losses in a row and 12 more unanswered heartbeats after that come by chance about once " +
      "in 120,000 to more than 1,000,000 heartbeats.",
    ],
    [{ everyHeartbeats: { low: RAREST_EVERY, high: RAREST_EVERY } }, undefined],
  ];
  for (const [worth, text] of table) {
    assertEquals(chanceText({ ...WORTH, ...worth }), text && `At this loss, ${text}`);
  }
});

Deno.test("advice names a higher limit than the one in use, or nothing", () => {
  const advice = (rightLimit: number | undefined) => adviceText({ ...WORTH, rightLimit }, 10_000);
  assertEquals([advice(undefined), advice(1), advice(3)], [undefined, undefined, undefined]);
  assertEquals(
    advice(8),
    "At this interval and loss, --max-losses 8 would keep false alarms to about one in 10,000 " +
      "heartbeats.",
  );
});
