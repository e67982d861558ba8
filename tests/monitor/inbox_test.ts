import { assertEquals } from "@std/assert";
import { Inbox } from "../../lib/monitor/inbox.ts";
import { Ledger } from "../../lib/monitor/ledger.ts";
import { sealOf } from "../support/toy_seal.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { keyedProtocol, plainProtocol } from "../../lib/wire/protocol.ts";
import { replyText } from "../../lib/wire/reply.ts";

const TARGET = { hostname: "192.0.2.2", port: 12000 };
const RUN = "0123456789abcdef0123456789abcdef";

function inboxOf(sent: number, protocol = plainProtocol()): Inbox {
  const ledger = new Ledger();
  for (let seq = 1; seq <= sent; seq++) {
    ledger.send({ sentAtMs: seq * 10, sleptMs: 0, missedMs: 0 });
  }
  return new Inbox(TARGET, protocol, ledger);
}

Deno.test("a reply is matched with the heartbeat that it answers", () => {
  const read = inboxOf(3).read(bytesOf(replyText(2, 0.25)), TARGET);
  assertEquals(typeof read !== "string" && [read.reply.seq, read.heartbeat.sentAtMs], [2, 20]);
});

Deno.test("what is no reply is counted, and says why", () => {
  const inbox = inboxOf(3);
  const elsewhere = { hostname: "192.0.2.9", port: 12000 };
  assertEquals(inbox.read(bytesOf("Hello"), TARGET), "not_a_reply");
  assertEquals(inbox.read(bytesOf(replyText(4, 0.25)), TARGET), "never_sent");
  assertEquals(inbox.read(bytesOf(replyText(0, 0.25)), TARGET), "never_sent");
  assertEquals(inbox.read(bytesOf(replyText(2, 0.25)), { ...TARGET, port: 5 }), "wrong_source");
  assertEquals(inbox.clues.elsewhere, undefined);
  assertEquals(inbox.read(bytesOf(replyText(2, 0.25)), elsewhere), "wrong_source");
  assertEquals(inbox.clues.elsewhere, elsewhere);
  assertEquals([inbox.figures.unexpected, inbox.figures.unauthentic], [5, 0]);
});

Deno.test("clues are forgotten when the server is heard, counts are not", () => {
  const inbox = inboxOf(3, keyedProtocol(RUN, sealOf("secret")));
  inbox.read(bytesOf(replyText(1, 0.25)), TARGET);
  inbox.read(bytesOf(replyText(1, 0.25)), { hostname: "192.0.2.9", port: 12000 });
  assertEquals([inbox.clues.unauthentic, inbox.clues.elsewhere?.hostname], [1, "192.0.2.9"]);
  inbox.forgetClues();
  assertEquals(inbox.clues, { unauthentic: 0, elsewhere: undefined });
  assertEquals([inbox.figures.unexpected, inbox.figures.unauthentic], [2, 1]);
});
