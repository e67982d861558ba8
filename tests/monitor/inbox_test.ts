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
  const read = inboxOf(3).read(bytesOf(replyText(2, 0.25)), TARGET, 5);
  assertEquals("reply" in read && [read.reply.seq, read.heartbeat.sentAtMs], [2, 20]);
});

Deno.test("what is no reply is counted, and says why, how often and from where", () => {
  const inbox = inboxOf(3);
  const stranger = { hostname: "192.0.2.9", port: 12000 };
  const otherPort = { ...TARGET, port: 5 };
  const reasonOf = (text: string, from = TARGET) => {
    const read = inbox.read(bytesOf(text), from, 5);
    return "reason" in read && read.reason;
  };
  const { unanswering, elsewhere } = inbox.clues;
  assertEquals([unanswering, elsewhere], [undefined, undefined]);
  assertEquals(reasonOf("Hello"), "not_a_reply");
  assertEquals(reasonOf(replyText(4, 0.25)), "never_sent");
  assertEquals(reasonOf(replyText(0, 0.25)), "never_sent");
  assertEquals(inbox.clues.unanswering?.count, 3);
  assertEquals(inbox.clues.unanswering?.last.from, TARGET);
  assertEquals(reasonOf(replyText(2, 0.25), stranger), "wrong_source");
  assertEquals(reasonOf(replyText(2, 0.25), stranger), "wrong_source");
  assertEquals([inbox.clues.elsewhere?.count, inbox.clues.elsewhere?.last.from], [2, stranger]);
  // What comes from another port of the server's machine is the better clue, and stays.
  assertEquals(reasonOf("Seq: 2", otherPort), "wrong_source");
  assertEquals(reasonOf(replyText(2, 0.25), stranger), "wrong_source");
  assertEquals([inbox.clues.elsewhere?.count, inbox.clues.elsewhere?.last.from], [1, otherPort]);
  assertEquals(inbox.clues.elsewhere?.last.beginning, bytesOf("Seq: 2"));
  assertEquals([inbox.figures.unexpected, inbox.figures.unauthentic], [7, 0]);
});

Deno.test("clues are forgotten when the server is heard, counts are not", () => {
  const inbox = inboxOf(3, keyedProtocol(RUN, sealOf("secret")));
  inbox.read(bytesOf(replyText(1, 0.25)), TARGET, 5);
  inbox.read(bytesOf(replyText(1, 0.25)), { hostname: "192.0.2.9", port: 12000 }, 5);
  assertEquals([inbox.clues.unauthentic, inbox.clues.elsewhere?.count], [1, 1]);
  inbox.forgetClues();
  const none = { unauthentic: 0, unanswering: undefined, elsewhere: undefined };
  assertEquals(inbox.clues, { keyed: true, ...none });
  assertEquals([inbox.figures.unexpected, inbox.figures.unauthentic], [2, 1]);
});

Deno.test("once a reply has echoed its heartbeat, replies that don't are none", () => {
  const ledger = new Ledger();
  const protocol = plainProtocol();
  const echoed = (seq: number) => bytesOf(`${replyText(seq, 0.25)}, Echo: ${decimals(seq)}`);
  const texts = new Map<number, string>();
  for (let seq = 1; seq <= 5; seq++) {
    ledger.send({ sentAtMs: seq * 10, sleptMs: 0, missedMs: 0 });
    const wallMs = 1763824000_000 + seq * 10;
    ledger.left(seq, wallMs);
    texts.set(seq, protocol.encode(seq, wallMs).text);
  }
  const decimals = (seq: number) => texts.get(seq)!.slice(-9);
  const inbox = new Inbox(TARGET, protocol, ledger);
  const read = (bytes: Uint8Array) => {
    const read = inbox.read(bytes, TARGET, 5);
    return "reason" in read ? read.reason : read.reply.proven;
  };
  // A plain server never echoes.
  assertEquals(read(bytesOf(replyText(1, 0.25))), false);
  assertEquals(read(echoed(2)), true);
  assertEquals(read(bytesOf(replyText(3, 0.25))), "no_echo");
  assertEquals(read(bytesOf(`${replyText(3, 0.25)}, Echo: 000000001`)), "wrong_echo");
  assertEquals([inbox.clues.unanswering?.count, inbox.figures.unexpected], [2, 2]);
  assertEquals(read(echoed(4)), true);
  // The heartbeat itself, as an echo service returns it, is proof, too.
  assertEquals(read(bytesOf(texts.get(5)!)), true);
  assertEquals(inbox.countTooLong(), []);
  assertEquals(inbox.figures.unexpected, 3);
});

Deno.test("a round trip ends at the kernel's stamp, unless that would be before the send", () => {
  const roundTrip = (waitedMs: number | undefined) => {
    const inbox = inboxOf(3);
    const read = inbox.read(bytesOf(replyText(2, 0.25)), TARGET, 25, waitedMs);
    return ["rttMs" in read && read.rttMs, inbox.figures.stamped];
  };
  assertEquals(roundTrip(undefined), [5, 0]);
  assertEquals(roundTrip(2), [3, 1]);
  assertEquals(roundTrip(5.5), [5, 0]);
});

Deno.test("of a heartbeat that is answered twice, one reply counts as stamped", () => {
  const ledger = new Ledger();
  for (const sentAtMs of [10, 20]) ledger.send({ sentAtMs, sleptMs: 0, missedMs: 0 });
  const inbox = new Inbox(TARGET, plainProtocol(), ledger);
  const read = (seq: number, nowMs: number) =>
    inbox.read(bytesOf(replyText(seq, 0.25)), TARGET, nowMs, 2);
  read(1, 25);
  ledger.receive(1, { rttMs: 13, timeDifferenceS: undefined });
  read(1, 26);
  ledger.lose(2, "lost");
  read(2, 2000);
  ledger.lose(2, "late");
  read(2, 2001);
  assertEquals(inbox.figures.stamped, 2);
});

Deno.test("what it took to write a heartbeat is part of no measured difference of times", () => {
  const ledger = new Ledger();
  ledger.send({ sentAtMs: 10, sleptMs: 0, missedMs: 0 });
  // Its time was read at 11 ms, and it left at 13 ms.
  ledger.sentAt(1, 13, 2);
  const inbox = new Inbox(TARGET, plainProtocol(), ledger);
  const read = inbox.read(bytesOf(replyText(1, 0.25)), TARGET, 20);
  assertEquals("reply" in read && [read.reply.timeDifferenceS, read.differenceS], [
    0.25,
    0.248,
  ]);
  assertEquals("rttMs" in read && read.rttMs, 7);
});
