import { assertEquals } from "@std/assert";
import { Measurements } from "../../lib/monitor/measurements.ts";
import type { ClientEvent } from "../../lib/report/client_events.ts";
import { clientJson } from "../../lib/report/client_json.ts";
import {
  CLIENT_TABLE,
  DOWN,
  SERVER,
  SUMMARY,
  TARGET,
  TIME,
  WALL_MS,
  WORTH,
} from "./client_samples.ts";

Deno.test("client events have the JSON of the contract", () => {
  for (const [event, , json] of CLIENT_TABLE) {
    const line = clientJson(event, TARGET, WALL_MS);
    assertEquals(line === undefined ? undefined : JSON.parse(line), json);
  }
});

Deno.test("the summary's JSON has every figure with its unit, or null", () => {
  const spread = (value: number | null) => ({
    ...Object.fromEntries(["min", "mean", "median", "max"].map((name) => [name, value])),
    ...Object.fromEntries(["p90", "p95", "p99", "p999"].map((name) => [name, null])),
  });
  assertEquals(JSON.parse(clientJson({ type: "summary", ...SUMMARY }, TARGET, WALL_MS)!), {
    type: "summary",
    time: TIME,
    target: SERVER,
    verdict: "alive",
    ended: "finished",
    duration_s: 1.2345,
    asleep_s: 0,
    schedule_error_ms: { ...spread(null), stddev: null },
    sent: 4,
    consecutive: 0,
    outstanding: 1,
    received: 2,
    lost: 1,
    late: 1,
    duplicates: 0,
    loss_ratio: 0.333333,
    loss_ratio_95: { low: 0.086568, high: 0.998414 },
    loss_runs: {
      count: 1,
      mean_length: 1,
      longest: 1,
      mean_distance: null,
      mean_gap: null,
      loss_after_reply: 0.5,
      loss_after_loss: null,
      worst: [{ first_seq: 3, length: 1 }],
    },
    rtt_ms: { ...spread(2), min: 1, max: 3, stddev: 1 },
    rtt_of_sent_ms: { median: 3, p90: null, p95: null, p99: null, p999: null },
    srtt_ms: 1.25,
    rto_ms: 4.75,
    ipdv_ms: { ...spread(2), stddev: 0 },
    forward_ipdv_ms: { ...spread(1), stddev: 0 },
    backward_ipdv_ms: { ...spread(1), stddev: 0 },
    pdv_ms: { p95: null, p99: null, p999: null },
    jitter_ms: 0.125,
    forward_jitter_ms: 0.0625,
    reordering: { reordered: 0, ratio: 0, max_extent: 0 },
    duplication: { replicated: 0, fraction: 0 },
    unexpected: 0,
    unauthentic: 0,
    kernel_stamped: 0,
    elsewhere: null,
    send_failures: 0,
    unreachable: 0,
    receive_failures: 0,
    contradictions: 0,
    contradiction: null,
    loss_direction: { forward: 0, backward: 0, late: 1, unknown: 0 },
    outages: 1,
    availability: { low: 0.5, high: 0.75 },
    stalls: 0,
    excused: 0,
    worth: null,
    clock: {
      offset_s: -0.0025,
      offset_low_s: -0.003,
      offset_high_s: 0.0125,
      drift_ppm: 12.3456,
      drift_low_ppm: 11.21,
      drift_high_ppm: 13.39,
      steps: 1,
      min_forward_delay_s: { low: 0, high: 0.00201, if_symmetric: 0.0005 },
      min_backward_delay_s: { low: 0, high: 0.00201, if_symmetric: 0.001 },
    },
  });
});

Deno.test("a run without replies has null for its figures", () => {
  const empty = new Measurements();
  const nothing: ClientEvent = {
    type: "summary",
    ...SUMMARY,
    ...empty.figures(),
    roundTrips: empty.roundTrips,
    direction: undefined,
    clock: undefined,
  };
  const json = JSON.parse(clientJson(nothing, TARGET, WALL_MS)!);
  assertEquals([json.loss_ratio, json.clock, json.loss_direction, json.srtt_ms], [
    null,
    null,
    null,
    null,
  ]);
  assertEquals(Object.values(json.rtt_ms), new Array(9).fill(null));
});

Deno.test("a report's JSON has the figures since the last one and of the whole run", () => {
  const report: ClientEvent = {
    type: "report",
    windowMs: 2000,
    window: new Measurements().figures(),
    whole: SUMMARY,
  };
  const json = JSON.parse(clientJson(report, TARGET, WALL_MS)!);
  assertEquals([json.window_s, json.window.received, json.whole.received], [2, 0, 2]);
});

Deno.test("a verdict's JSON says what it is worth", () => {
  const json = JSON.parse(clientJson({ ...DOWN, worth: WORTH }, TARGET, WALL_MS)!).worth;
  assertEquals(json, {
    max_losses: 3,
    newer_unanswered: 0,
    losses: 30,
    loss_after_reply: 0.3,
    loss_after_loss: 0.3,
    false_alarm_every_heartbeats: { low: 34.2, high: 288 },
    false_alarm_share_of_runs: { low: 0.3, high: 0.95 },
    stop_probability: 0.005,
    stop_prior_per_heartbeat: 0.0001,
    right_max_losses: null,
  });
});

Deno.test("what came from elsewhere has its address in the summary's JSON", () => {
  const last = {
    from: { hostname: "192.0.2.9", port: 12000 },
    bytes: 1,
    beginning: new Uint8Array(1),
    reason: "wrong_source",
  } as const;
  const summary = { type: "summary", ...SUMMARY, elsewhere: { count: 2, last } } as const;
  assertEquals(JSON.parse(clientJson(summary, TARGET, WALL_MS)!).elsewhere, "192.0.2.9:12000");
});
