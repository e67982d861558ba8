import { assertEquals } from "@std/assert";
import {
  Admission,
  ESTABLISHED_AFTER_MS,
  MAX_PREFIXES,
  MODEST_RATE,
  type SourceFault,
} from "../../lib/admission/admission.ts";
import type { Endpoint } from "../../lib/wire/endpoint.ts";
import { Network } from "../../lib/wire/network.ts";

const from = (hostname: string, port = 50000) => ({ hostname, port });

/** The number of heartbeats that are admitted, out of those that a source sends at one moment. */
const admitted = (admission: Admission, hostname: string, heartbeats: number, nowMs = 0) =>
  Array.from({ length: heartbeats }, () => admission.admit(from(hostname), nowMs)).filter(Boolean)
    .length;

Deno.test("port 0, addresses that no host has and the server's own socket get no answer", () => {
  const admission = new Admission({ local: from("192.0.2.2", 12000) });
  const table: [string, number, SourceFault | undefined][] = [
    ["192.0.2.1", 50000, undefined],
    ["192.0.2.1", 12000, undefined],
    ["192.0.2.1", 0, "unanswerable"],
    ["192.0.2.2", 12000, "unanswerable"],
    ["192.0.2.2", 12001, undefined],
    ["0.0.0.0", 50000, "unanswerable"],
    ["0.1.2.3", 50000, "unanswerable"],
    ["223.255.255.255", 50000, undefined],
    ["224.0.0.1", 50000, "unanswerable"],
    ["239.255.255.250", 50000, "unanswerable"],
    ["240.0.0.1", 50000, "unanswerable"],
    ["255.255.255.255", 50000, "unanswerable"],
    ["::ffff:255.255.255.255", 50000, "unanswerable"],
    ["::ffff:192.0.2.1", 50000, undefined],
    // Nobody knows whether it is this machine, or an IPv6 packet that says so.
    ["::ffff:127.0.0.1", 50000, "unanswerable"],
    ["::ffff:127.9.9.9", 50000, "unanswerable"],
    ["127.0.0.1", 50000, undefined],
    ["::", 50000, "unanswerable"],
    ["ff02::1", 50000, "unanswerable"],
    ["fe80::1", 50000, undefined],
    ["::1", 12000, undefined],
  ];
  for (const [hostname, port, fault] of table) {
    assertEquals(admission.faultOf(from(hostname, port)), fault, `${hostname} ${port}`);
  }
});

Deno.test("a server on all addresses knows its own socket by this machine's loopback", () => {
  for (const local of ["0.0.0.0", "::"]) {
    const admission = new Admission({ local: from(local, 12000) });
    for (const own of ["127.0.0.1", "::1"]) {
      assertEquals(admission.faultOf(from(own, 12000)), "unanswerable", own);
      assertEquals(admission.faultOf(from(own, 12001)), undefined, own);
    }
  }
});

Deno.test("only networks that are allowed are answered", () => {
  const allow = [new Network("192.0.2.0", 24), new Network("2001:db8::", 32)];
  const admission = new Admission({ allow });
  const fates = ["192.0.2.9", "192.0.3.9", "2001:db8:1::", "::1", "192.0.2.9"].map((hostname) =>
    admission.faultOf(from(hostname))
  );
  assertEquals(fates, [undefined, "not_allowed", undefined, "not_allowed", undefined]);
});

Deno.test("what this program may not send to is not answered, endpoint by endpoint", () => {
  const maySend = ({ hostname, port }: Endpoint) => hostname === "192.0.2.9" && port < 50001;
  const admission = new Admission({ maySend, allow: [new Network("192.0.2.0", 24)] });
  const fates = [50000, 50001, 50000].map((port) => admission.faultOf(from("192.0.2.9", port)));
  assertEquals(fates, [undefined, "not_permitted", undefined]);
  // What the operator leaves out is told as that.
  assertEquals(admission.faultOf(from("192.0.3.9")), "not_allowed");
});

Deno.test("a prefix has its own rate, whatever addresses of it are used", () => {
  const admission = new Admission({ ratePerPrefix: 100 });
  let answered = 0;
  for (let i = 0; i < 1000; i++) answered += admitted(admission, `192.0.2.${i % 250}`, 1);
  assertEquals(answered, 100);
  assertEquals(admitted(admission, "192.0.3.1", 1000), 100);
  assertEquals(admitted(admission, "2001:db8::1", 1000), 100);
  assertEquals(admitted(admission, "2001:db8:0:ff::1", 1000), 0);
  assertEquals(admitted(admission, "192.0.2.1", 1000, 500), 50);
});

Deno.test("IPv4 that IPv6 carries is exempt from nothing", () => {
  const admission = new Admission({ ratePerPrefix: 100, totalRate: 1000 });
  assertEquals(admitted(admission, "::ffff:127.0.0.1", 1000), 100);
  assertEquals(admitted(admission, "::ffff:192.0.2.1", 1000), 100);
  assertEquals(admitted(admission, "127.0.0.1", 1000), 1000);
  assertEquals(admitted(admission, "::1", 1000), 1000);
});

Deno.test("half of the total bucket is kept for prefixes that are established and modest", () => {
  const admission = new Admission({ totalRate: 100 });
  assertEquals(admitted(admission, "192.0.2.1", 2), 2);
  const laterMs = ESTABLISHED_AFTER_MS;
  let strangers = 0;
  for (let i = 0; i < 1000; i++) {
    strangers += admitted(admission, `10.${i >> 8}.${i & 255}.1`, 1, laterMs);
  }
  assertEquals(strangers, 50);
  assertEquals(admitted(admission, "192.0.2.1", 1000, laterMs), MODEST_RATE);
});

Deno.test("a new flood of modest networks takes nothing from an established network", () => {
  for (const networks of [250, 2000]) {
    const admission = new Admission({ totalRate: 10_000, ratePerPrefix: 5000 });
    admitted(admission, "192.0.2.1", 2);
    let answered = 0;
    for (let ms = ESTABLISHED_AFTER_MS; ms < ESTABLISHED_AFTER_MS + 10_000; ms++) {
      for (let i = 0; i < 20; i++) {
        const network = (ms * 20 + i) % networks;
        admitted(admission, `10.${network >> 8}.${network & 255}.1`, 1, ms);
      }
      if (ms % 100 === 50) answered += admitted(admission, "192.0.2.1", 1, ms);
    }
    assertEquals(answered, 100);
  }
});

Deno.test("a network heard for the first time can be answered at any total rate", () => {
  for (const totalRate of [1, 2, 3, 100]) {
    assertEquals(admitted(new Admission({ totalRate }), "192.0.2.1", 1), 1);
  }
});

Deno.test("this machine itself is limited only where that is asked for", () => {
  for (const hostname of ["127.0.0.1", "127.9.8.7", "::1"]) {
    assertEquals(admitted(new Admission({ ratePerPrefix: 5, totalRate: 5 }), hostname, 50), 50);
    const limited = { ratePerPrefix: 5, totalRate: 50, limitLoopback: true };
    assertEquals(admitted(new Admission(limited), hostname, 50), 5);
  }
  assertEquals(admitted(new Admission({}), "192.0.2.1", 50), 50);
});

Deno.test("a flood of invented prefixes doesn't give a known one a new allowance", () => {
  const admission = new Admission({ ratePerPrefix: 10 });
  assertEquals(admitted(admission, "192.0.2.1", 50), 10);
  for (let i = 0; i < 2 * MAX_PREFIXES; i++) {
    admitted(admission, `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`, 1);
    admitted(
      admission,
      `2001:db8:${i.toString(16).padStart(5, "0").replace(/(.)$/, ":$100")}::`,
      1,
    );
  }
  assertEquals(admitted(admission, "192.0.2.1", 50), 0);
});

Deno.test("established prefixes keep their places when a flood uses each forged one twice", () => {
  const admission = new Admission({ totalRate: 10_000, ratePerPrefix: 5000 });
  // One that is heard every ten seconds, for a minute and a bit.
  for (let ms = 0; ms <= ESTABLISHED_AFTER_MS; ms += 10_000) {
    admitted(admission, "192.0.2.1", 1, ms);
  }
  let [answered, invented] = [0, 0];
  for (let ms = ESTABLISHED_AFTER_MS; ms < ESTABLISHED_AFTER_MS + 40_000; ms++) {
    for (let i = 0; i < 10; i++, invented++) {
      const network = `${11 + (invented >> 16)}.${invented >> 8 & 255}.${invented & 255}.1`;
      admitted(admission, network, 2, ms);
    }
    if (ms % 10_000 === 5000) answered += admitted(admission, "192.0.2.1", 1, ms);
  }
  assertEquals(answered, 4);
});

Deno.test("a lone sender becomes established without a break in its heartbeats", () => {
  const admission = new Admission({ totalRate: 1000, ratePerPrefix: 500 });
  for (let ms = 0; ms < ESTABLISHED_AFTER_MS + 100; ms += 50) {
    admitted(admission, "192.0.2.1", 1, ms);
  }
  const floodMs = ESTABLISHED_AFTER_MS + 100;
  for (let i = 0; i < 3 * MAX_PREFIXES; i++) {
    admitted(admission, `${11 + (i >> 16)}.${i >> 8 & 255}.${i & 255}.1`, 2, floodMs);
  }
  assertEquals(admitted(admission, "192.0.2.1", 1, floodMs), 1);
});

Deno.test("a recently heard prefix keeps its established place when too many want one", () => {
  const admission = new Admission({ totalRate: 1000 });
  const hear = (network: number, nowMs: number) =>
    admitted(
      admission,
      `${11 + (network >> 16)}.${network >> 8 & 255}.${network & 255}.1`,
      2,
      nowMs,
    );
  const watcher = (nowMs: number) => admitted(admission, "192.0.2.1", 1, nowMs);
  // Two waves of 6,000 networks, each known for a minute when it returns: more than the places.
  watcher(0);
  watcher(1);
  for (let i = 0; i < 6000; i++) hear(i, 2);
  watcher(ESTABLISHED_AFTER_MS);
  for (let i = 0; i < 6000; i++) hear(i, ESTABLISHED_AFTER_MS + 2);
  for (let i = 6000; i < 12_000; i++) hear(i, ESTABLISHED_AFTER_MS + 2);
  for (let i = 6000; i < 12_000; i++) hear(i, 2 * ESTABLISHED_AFTER_MS + 2);
  // The youngest flood empties the store as far as it may; the watcher still reaches deeper.
  const nowMs = 2 * ESTABLISHED_AFTER_MS + 3;
  for (let i = 0; i < 2000; i++) hear(12_000 + i, nowMs);
  assertEquals(watcher(nowMs), 1);
});
