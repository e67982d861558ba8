/** Replies that are late, doubled, misdirected or nonsense. */

import { assert, assertEquals } from "@std/assert";
import { overlappingTest } from "../support/overlapping.ts";
import { mayRun } from "../support/permissions.ts";
import { Loopback } from "./loopback.ts";
import { objects, startScript } from "./script.ts";

const replyTo = (text: string) => `Seq: ${text.split(/\s+/)[1]}, Time Difference: 0.000123 seconds`;

overlappingTest({
  name: "a late reply is late, and is not taken for the answer to the next heartbeat",
  ignore: !mayRun,
  async fn() {
    using peer = new Loopback();
    const client = startScript(
      "client.ts",
      `127.0.0.1:${peer.port}`,
      "-c2",
      "-t",
      "600ms",
      "--json",
    );
    const first = await peer.receive();
    const second = await peer.receive();
    // The second heartbeat has left, so the first has timed out.
    await peer.send(replyTo(first.text), first.port);
    await client.lineWith('"late"');
    await peer.send(replyTo(second.text), second.port);
    const { code, lines } = await client.end();
    const [summary] = objects(lines, "summary");
    assertEquals([code, summary.received, summary.lost, summary.late], [0, 1, 1, 1]);
    assertEquals(objects(lines, "reply").map(({ seq }) => seq), [2]);
  },
});

overlappingTest({
  name: "duplicates, nonsense, strange senders and numbers never sent change no figure",
  ignore: !mayRun,
  async fn() {
    using peer = new Loopback();
    using stranger = new Loopback();
    const client = startScript("client.ts", `127.0.0.1:${peer.port}`, "-c2", "--json");
    const { text, port } = await peer.receive();
    await stranger.send(replyTo(text), port);
    await peer.send("nonsense", port);
    await peer.send(new Uint8Array([0xff, 0x1b, 0x5b, 0x00]), port);
    await peer.send(new Uint8Array(60_000), port);
    await peer.send("Seq: 99, Time Difference: 0.000123 seconds", port);
    await peer.send(replyTo(text), port);
    await peer.receive();
    await peer.send(replyTo(text), port);
    await peer.send("Seq: 2, Time Difference: 0.000123 seconds", port);
    const { code, lines } = await client.end();
    assertEquals(code, 0);
    assertEquals(objects(lines, "unexpected").map(({ reason }) => reason), [
      "wrong_source",
      "not_a_reply",
      "not_a_reply",
      "too_long",
      "never_sent",
    ]);
    assertEquals(objects(lines, "unexpected")[0].from, `127.0.0.1:${stranger.port}`);
    assertEquals(objects(lines, "duplicate").map(({ seq }) => seq), [1]);
    const [summary] = objects(lines, "summary");
    assertEquals([summary.sent, summary.received, summary.lost, summary.duplicates], [2, 2, 0, 1]);
  },
});

overlappingTest({
  name: "with an interval heartbeats leave on schedule while none is answered",
  ignore: !mayRun,
  async fn() {
    using peer = new Loopback();
    const client = startScript(
      "client.ts",
      `127.0.0.1:${peer.port}`,
      "-c10",
      "-i",
      "30ms",
      "--json",
    );
    const sentS: number[] = [];
    const requests: { text: string; port: number }[] = [];
    for (let i = 0; i < 10; i++) {
      const request = await peer.receive();
      requests.push(request);
      sentS.push(Number(request.text.split(/\s+/)[2]));
    }
    for (const { text, port } of requests.toReversed()) await peer.send(replyTo(text), port);
    const { code, lines } = await client.end();
    assertEquals([code, objects(lines, "summary")[0].received], [0, 10]);
    // Nine intervals; a sender that waited for replies would have needed seconds.
    const spanMs = (sentS.at(-1)! - sentS[0]!) * 1000;
    assert(spanMs > 240 && spanMs < 900, `${spanMs} ms`);
  },
});
