/**
 * The figures of a soak, for programs and for people.
 *
 * @module
 */

import type { FloodReport } from "./flood.ts";
import type { HardshipFigures } from "./hardships.ts";
import { type Fault, judgeLosses, judgeVerdicts } from "./judge.ts";
import type { MemoryFigures } from "./memory.ts";
import type { SoakRecord } from "./run.ts";
import { MEMORY_GROWTH_MB } from "./setup.ts";

/** All datagrams of one kind that the flooder sent. */
export interface Barrage {
  /** Phases in which they were sent. */
  readonly phases: number;
  /** Datagrams sent. */
  readonly sent: number;
  /** Datagrams that this system refused to send. */
  readonly refused: number;
  /** Rate over all phases, datagrams a second; `null` where there was none. */
  readonly per_second: number | null;
}

/** A judged soak, as its JSON has it. */
export interface Result {
  /** How long the client was watched, seconds. */
  readonly duration_s: number;
  /** Fates of heartbeats: those lost while the server was up are also given as a share. */
  readonly heartbeats: Readonly<Record<string, number | null>>;
  /** How many verdicts of the client were right, wrong and missed, and which. */
  readonly verdicts: {
    readonly right: number;
    readonly wrong: number;
    readonly missed: number;
    readonly faults: readonly { fault: Fault["fault"]; verdict: Fault["verdict"]; at_s: number }[];
  };
  /** All garbage. */
  readonly garbage: Barrage;
  /** All heartbeats of strangers. */
  readonly flood: Barrage;
  /** The same, from the client's own network. */
  readonly own_flood: Barrage;
  /** How often the server was ended by which signal. */
  readonly kills: { readonly sigkill: number; readonly sigterm: number };
  /** Standstills of this machine, by the client's timers. */
  readonly stalls: number;
  /** Resident memory; `null` where the soak was too short to read it. */
  readonly memory_mb: { readonly [program: string]: MemoryFigures | null };
  /** What became of the programs beside; `null` where the soak was ended early. */
  readonly hardships: HardshipFigures | null;
  /** What the programs did that they never should. */
  readonly failures: readonly string[];
  /** Whether nothing is wrong. */
  readonly passed: boolean;
}

/** Judges a soak. */
export function assess(record: SoakRecord): Result {
  const { sent, answered, late, lostSentAtMs, outages, serverMemory, clientMemory } = record;
  const { right, wrong, missed, faults } = judgeVerdicts(record);
  const { whileUp, whileDown } = judgeLosses(lostSentAtMs, outages);
  const memoryStayed = [serverMemory, clientMemory].every((figures) =>
    figures === undefined || figures.peak - figures.first <= MEMORY_GROWTH_MB
  );
  return {
    duration_s: round(record.durationMs / 1000),
    heartbeats: {
      sent,
      answered,
      outstanding: sent - answered - lostSentAtMs.length,
      late,
      lost_while_up: whileUp,
      lost_while_up_ratio: answered + whileUp === 0 ? null : round(whileUp / (answered + whileUp)),
      lost_while_down: whileDown,
    },
    verdicts: {
      right,
      wrong,
      missed,
      faults: faults.map(({ fault, verdict, atMs }) => {
        return { fault, verdict, at_s: round((atMs - record.fromMs) / 1000) };
      }),
    },
    garbage: barrage(record.barrages, "garbage"),
    flood: barrage(record.barrages, "flood"),
    own_flood: barrage(record.barrages, "own_flood"),
    kills: { sigkill: record.killed, sigterm: record.asked },
    stalls: record.stalls,
    memory_mb: { server: rounded(serverMemory), client: rounded(clientMemory) },
    hardships: record.hardships ?? null,
    failures: record.failures,
    passed: wrong + missed + record.failures.length === 0 && memoryStayed,
  };
}

/** The figures for people: a line for each field of the JSON, and for each fault and failure. */
export function resultLines(result: Result): string[] {
  return Object.entries(result).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((item) => row(name, item))
      : [row(name, withoutLists(value)), ...listsIn(value).map((item) => row("  fault", item))]
  );
}

function row(name: string, value: unknown): string {
  return `${name.replaceAll("_", " ").padEnd(12)} ${inWords(value)}`;
}

function inWords(value: unknown): string {
  if (typeof value !== "object" || value === null) return `${value ?? "-"}`;
  return Object.entries(value).map(([name, part]) => {
    const text = inWords(part);
    return `${name.replaceAll("_", " ")} ${text.includes(",") ? `(${text})` : text}`;
  }).join(", ");
}

function withoutLists(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => !Array.isArray(part)));
}

function listsIn(value: unknown): unknown[] {
  return Object.values(Object(value)).filter(Array.isArray).flat();
}

function barrage(reports: readonly FloodReport[], kind: FloodReport["kind"]): Barrage {
  const chosen = reports.filter((report) => report.kind === kind);
  const total = (part: "sent" | "refused" | "tookMs") =>
    chosen.reduce((sum, report) => sum + report[part], 0);
  const [sent, tookMs] = [total("sent"), total("tookMs")];
  return {
    phases: chosen.length,
    sent,
    refused: total("refused"),
    per_second: tookMs === 0 ? null : round(sent / tookMs * 1000),
  };
}

function rounded(figures: MemoryFigures | undefined): MemoryFigures | null {
  if (figures === undefined) return null;
  const { first, last, peak } = figures;
  return { first: round(first), last: round(last), peak: round(peak) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
