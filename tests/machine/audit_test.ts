import { assertEquals } from "@std/assert";
import { Audit, auditText } from "../../lib/machine/audit.ts";

Deno.test("figures that agree leave no trace", () => {
  const audit = new Audit();
  const found = audit.check("sent", 5, { received: 3, lost: 1, outstanding: 1 });
  assertEquals(found, { contradictions: 0, contradiction: undefined });
  assertEquals(auditText(found), undefined);
});

Deno.test("figures that contradict each other are counted, and told", () => {
  const audit = new Audit();
  audit.check("sent", 5, { received: 3, lost: 1, outstanding: 0 });
  // The sum is right, but a part is impossible; so is one that is no number.
  audit.check("sent", 5, { received: 6, lost: -1 });
  audit.check("sent", NaN, { received: NaN });
  const found = audit.check("sent", 5, { received: 5, lost: 0 });
  assertEquals(found, { contradictions: 3, contradiction: "sent NaN, but received NaN" });
  assertEquals(
    auditText({ contradictions: 1, contradiction: "sent 5, but received 3 + lost 1" }),
    "This program contradicts itself (1 time; the last: sent 5, but received 3 + lost 1). Don't " +
      "trust its figures, and please report it.",
  );
});
