import { assert, assertEquals, assertMatch } from "@std/assert";
import { listed } from "../../lib/simulation/fleet_world.ts";
import { MetricsWriter, MOST_HISTOGRAMS } from "../../lib/views/metrics.ts";
import type { Watch } from "../../lib/views/watch.ts";
import { serverMetrics } from "../../lib/views/server_metrics.ts";
import { canRead, codeOf, doc } from "../support/documents.ts";
import { sampleServer } from "./sample_server.ts";
import { renamed, sampleFleet, watchOf } from "./sample_watch.ts";

const watchMetrics = (watch: Watch) => new MetricsWriter().write(watch);

/** The samples of an exposition: what stands before the value, and the value. */
function samplesOf(pieces: Iterable<string>): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of [...pieces].join("").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [, series, value] = /^(.*) (\S+)$/s.exec(line)!;
    assert(!samples.has(series!), `${series} stands there twice`);
    samples.set(series!, Number(value!.replace("Inf", "Infinity")));
  }
  return samples;
}

/** The families of an exposition: names, types and helps. */
function familiesOf(pieces: Iterable<string>): { name: string; type: string }[] {
  return [...[...pieces].join("").matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    .map(([, name, type]) => ({ name: name!, type: type! }));
}

const of = (host: number, own = "") => `{target="10.0.0.${host}:12000",name="host-${host}"${own}}`;

Deno.test("a target's counts are those of its monitor, and add up", () => {
  const fleet = sampleFleet();
  const samples = samplesOf(watchMetrics(watchOf(fleet)));
  for (const [i, { monitor }] of fleet.members.entries()) {
    const summary = monitor.summary();
    const value = (name: string) => samples.get(`heartbeat_${name}_total${of(i)}`)!;
    assertEquals(value("sent"), 60);
    assertEquals(value("received"), summary.received);
    assertEquals(value("received") + value("lost"), 60);
    assertEquals(value("lost_excused"), 0);
    assertEquals(samples.get(`heartbeat_round_trip_seconds_count${of(i)}`), summary.received);
    const sum = samples.get(`heartbeat_round_trip_seconds_sum${of(i)}`)!;
    assert(Math.abs(sum * 1000 - summary.rttMs!.mean * summary.received) < 1e-6);
    const forward = samples.get(`heartbeat_lost_by_direction${of(i, ',direction="forward"')}`);
    assertEquals(forward, summary.direction!.forward);
  }
  assert(samples.get(`heartbeat_lost_total${of(0)}`)! > 3, "the first server lost nothing");
});

Deno.test("a stopped server is down, has had an outage, and is not up", () => {
  const samples = samplesOf(watchMetrics(watchOf(sampleFleet())));
  assertEquals(samples.get(`heartbeat_up${of(1)}`), 0);
  assertEquals(samples.get(`heartbeat_up${of(2)}`), 1);
  const states = ["up", "suspect", "down", "unknown"]
    .map((state) => samples.get(`heartbeat_state${of(1, `,state="${state}"`)}`));
  assertEquals(states, [0, 0, 1, 0]);
  assertEquals(samples.get(`heartbeat_outages_total${of(1)}`), 1);
  assertEquals(samples.get(`heartbeat_outages_total${of(2)}`), 0);
  const low = samples.get(`heartbeat_availability_lower_bound_ratio${of(1)}`)!;
  const high = samples.get(`heartbeat_availability_upper_bound_ratio${of(1)}`)!;
  assert(low > 0.4 && low <= high && high < 0.6, `${low} to ${high}`);
});

Deno.test("the watcher tells its rule, its list and how late heartbeats left", () => {
  const samples = samplesOf(watchMetrics(watchOf(sampleFleet())));
  assertEquals(samples.get("heartbeat_targets"), 3);
  assertEquals(samples.get('heartbeat_rule_info{rule="auto"}'), 1);
  assertEquals(samples.get("heartbeat_rule_false_alarm_heartbeats"), 100_000);
  assertEquals(samples.get("heartbeat_list_last_reload_successful"), 0);
  assertEquals(samples.get("heartbeat_list_last_reload_success_timestamp_seconds"), 1e9);
  assertEquals(samples.get("heartbeat_watcher_send_delay_seconds_count"), 180);
  assertEquals(samples.get('heartbeat_watcher_blind{part="ipv4"}'), 0);
  assertEquals(samples.get("process_start_time_seconds"), 1_000_000_000.5);
});

Deno.test("a histogram's buckets rise up to its count", () => {
  const samples = samplesOf(watchMetrics(watchOf(sampleFleet())));
  const buckets = [...samples].filter(([series]) =>
    series.startsWith(`heartbeat_round_trip_seconds_bucket${of(2).slice(0, -1)}`)
  );
  assertEquals(buckets.length, 18);
  assertMatch(buckets[0]![0], /le="0\.00005"/);
  assertMatch(buckets.at(-1)![0], /le="\+Inf"/);
  const counts = buckets.map(([, count]) => count);
  assertEquals(counts, counts.toSorted((a, b) => a - b));
  assertEquals(counts.at(-1), 60);
});

Deno.test("labels from a list are escaped, written in small letters, and never collide", () => {
  const labels = {
    ...{ rackNo: 'a"b\\c', state: "x", exported_state: "y", le: "z", site: "ü <b>" },
    ...{ RACK: "R", rack_no: "second" },
  };
  const fleet = sampleFleet([{ ...listed(2), name: "n\u2028\u202e{}", labels }]);
  const samples = samplesOf(watchMetrics(watchOf(fleet)));
  assertEquals(
    [...samples.keys()].find((series) => series.startsWith("heartbeat_up")),
    'heartbeat_up{target="10.0.0.2:12000",name="n\u2028\u202e{}",rack_no="a\\"b\\\\c",' +
      'exported_state="x",exported_exported_state="y",exported_le="z",site="ü <b>",RACK="R",' +
      'exported_rack_no="second"}',
  );
});

Deno.test("fleets of more than 1,000 have no histograms of round trips, and all else", () => {
  const watch = watchOf(sampleFleet());
  const [target] = watch.targets;
  const many = (count: number) => ({
    ...watch,
    targets: Array.from({ length: count }, (_, i) => (renamed(target!, `a:${i}`))),
  });
  const names = (count: number) => familiesOf(watchMetrics(many(count))).map(({ name }) => name);
  const [few, more] = [names(MOST_HISTOGRAMS), names(MOST_HISTOGRAMS + 1)];
  assertEquals(few.filter((name) => !more.includes(name)), ["heartbeat_round_trip_seconds"]);
});

Deno.test("pieces are short, however many targets there are", () => {
  const watch = watchOf(sampleFleet());
  const targets = Array.from({ length: 10_000 }, (_, i) => {
    return renamed(watch.targets[0]!, `a:${i}`);
  });
  let longest = 0;
  for (const piece of watchMetrics({ ...watch, targets })) {
    longest = Math.max(longest, piece.length);
  }
  assert(longest > 8192 && longest < 10_000, `the longest piece has ${longest} characters`);
});

Deno.test("counters end in _total, and nothing else does", () => {
  const families = [
    ...familiesOf(watchMetrics(watchOf(sampleFleet()))),
    ...familiesOf(serverMetrics(sampleServer())),
  ];
  assert(families.length > 40, `there are only ${families.length} families`);
  for (const { name, type } of families) {
    assertEquals(name.endsWith("_total"), type === "counter", name);
  }
});

Deno.test("a server's metrics are its counts, and those of refusals by their reason", () => {
  const samples = samplesOf(serverMetrics(sampleServer()));
  assertEquals(samples.get("heartbeat_server_received_total"), 3);
  assertEquals(samples.get("heartbeat_server_replies_total"), 3);
  assertEquals(samples.get("heartbeat_server_malformed_total"), 1);
  assertEquals(samples.get('heartbeat_server_refused_total{reason="unanswerable"}'), 1);
  assertEquals(samples.get('heartbeat_server_refused_total{reason="limited"}'), 0);
  assertEquals(samples.get("heartbeat_server_clients"), 2);
});

Deno.test({
  name: "lib/views/README.md names the metrics that there are, and no others",
  ignore: !canRead,
  fn() {
    const families = [
      ...familiesOf(watchMetrics(watchOf(sampleFleet()))),
      ...familiesOf(serverMetrics(sampleServer())),
    ];
    const written = new Set(families.map(({ name }) => name));
    const named = codeOf(doc("lib/views/README.md"))
      .filter((span) => /^(heartbeat|process)_\w+$/.test(span));
    assertEquals([...new Set(named)].sort(), [...written].sort());
  },
});

Deno.test("a writer that is used again writes the same, of more and of fewer targets, too", () => {
  const watch = watchOf(sampleFleet());
  const many = Array.from({ length: 2000 }, (_, i) => renamed(watch.targets[i % 3]!, `a:${i}`));
  const writer = new MetricsWriter();
  for (const count of [3, 2000, 3, 1500, 0]) {
    const some = { ...watch, targets: many.slice(0, count) };
    assertEquals([...writer.write(some)].join(""), [...watchMetrics(some)].join(""));
  }
  // Two at once don't write over each other.
  const [one, other] = [writer.write(watch), writer.write({ ...watch, targets: many })];
  const texts = ["", ""];
  for (let done = false; !done;) {
    const [a, b] = [one.next(), other.next()];
    texts[0] += a.value ?? "";
    texts[1] += b.value ?? "";
    done = (a.done && b.done) ?? false;
  }
  assertEquals(texts[0], [...watchMetrics(watch)].join(""));
  assertEquals(texts[1], [...watchMetrics({ ...watch, targets: many })].join(""));
});

Deno.test("labels that a reload has changed are written anew", () => {
  const watch = watchOf(sampleFleet([listed(0)]));
  const writer = new MetricsWriter();
  const [target] = watch.targets;
  let labels: Record<string, string> = { rack: "r1" };
  const changing = {
    ...renamed(target!, "a:1"),
    get labels() {
      return labels;
    },
  };
  const upOf = () =>
    [...writer.write({ ...watch, targets: [changing] })].join("").match(/^heartbeat_up.*$/m)![0];
  assertMatch(upOf(), /rack="r1"/);
  labels = { rack: "r2" };
  assertMatch(upOf(), /rack="r2"/);
});
