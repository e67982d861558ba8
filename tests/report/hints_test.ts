import { assertEquals } from "@std/assert";
import type { Strays } from "../../lib/monitor/inbox.ts";
import { type Silence, silenceHint } from "../../lib/report/hints.ts";
import { bytesOf } from "../../lib/wire/grammar.ts";
import { TARGET } from "./client_samples.ts";

const NOTHING: Silence = {
  heard: false,
  keyed: false,
  unauthentic: 0,
  unanswering: undefined,
  elsewhere: undefined,
  clockSetMs: 0,
};

const strays = (count: number, hostname: string, port: number, text: string): Strays => ({
  count,
  last: {
    from: { hostname, port },
    bytes: text.length,
    beginning: bytesOf(text).slice(0, 32),
    reason: "not_a_reply",
  },
});

Deno.test("a silent server's hint says what came, how often and from where, or where to look", () => {
  const table: [Partial<Silence>, string | undefined][] = [
    [
      {},
      "Nothing was heard from 127.0.0.1:12000. Is the server running there? Is a firewall in " +
      "between? Does it need a key (--key-file)? Does its --allow leave this address out? " +
      "From here, all of these look the same.",
    ],
    [
      { keyed: true },
      "Nothing was heard from 127.0.0.1:12000. Is the server running there? Is a firewall in " +
      "between? Does it have the same key, and a clock within 60 s of this one? " +
      "From here, all of these look the same.",
    ],
    [
      { unanswering: strays(3, "127.0.0.1", 12000, "Seq: 3, Time Difference: 0,000123 seconds") },
      "3 datagrams came from 127.0.0.1:12000, but no reply to a heartbeat of this run. " +
      'The last began "Seq: 3, Time Difference: 0,00012"....',
    ],
    [
      { elsewhere: strays(1, "127.0.0.1", 40000, "Seq: 1") },
      "1 datagram came from 127.0.0.1:40000, but replies count only from 127.0.0.1:12000. " +
      'It began "Seq: 1". The server must answer from the port that it is asked on.',
    ],
    [
      { elsewhere: strays(12, "192.0.2.9", 12000, "Seq: 1"), heard: true },
      "12 datagrams came from 192.0.2.9:12000, but replies count only from 127.0.0.1:12000. " +
      'The last began "Seq: 1". If that is the same machine, bind its server to the right ' +
      "address (server.ts --host).",
    ],
    [
      { keyed: true, unauthentic: 3, heard: true },
      "3 datagrams came from 127.0.0.1:12000 without a valid code of this key. Does the server " +
      "run without --key-file, or with another key?",
    ],
    // Of one that was heard, only a clue is worth a line.
    [{ heard: true }, undefined],
    [
      { heard: true, keyed: true },
      "Were the clocks set? For a server with a key refuses heartbeats whose time is more than " +
      "60 s off.",
    ],
    [
      { heard: true, keyed: true, clockSetMs: -3_600_000 },
      "Since the last reply this machine's clock was set 60 min back: a server with a " +
      "key refuses heartbeats whose time is more than 60 s off.",
    ],
    [
      { heard: true, keyed: true, clockSetMs: 28_800_000 },
      "Since the last reply this machine's clock was set 8 h forward, or it slept: a server with " +
      "a key refuses heartbeats whose time is more than 60 s off.",
    ],
  ];
  for (const [silence, text] of table) {
    assertEquals(silenceHint(TARGET, { ...NOTHING, ...silence }), text);
  }
});
