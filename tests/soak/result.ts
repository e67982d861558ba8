/**
 * What a soak comes to: its figures, as a table and as JSON.
 *
 * @module
 */

import { judgeLosses, type Judgement, judgeVerdicts, type LossesByTruth } from "./judge.ts";
import type { FloodReport } from "./flood.ts";
import type { MemoryFigures } from "./memory.ts";
import type { SoakRecord } from "./run.ts";
import { MEMORY_GROWTH_MB } from "./setup.ts";

/** All datagrams of one kind that the flooder sent. */
export interface BarrageFigures {
  /** How many phases there were. */
  readonly phases: number;
  /** How many datagrams left. */
  readonly sent: number;
  /** How many the system refused. */
  readonly refused: number;
  /** The rate that was really reached, over all phases; `undefined` where there was none. */
  readonly perSecond: number | undefined;
}

/** A soak, judged. */
export interface Result {
  /** What happened. */
  readonly record: SoakRecord;
  /** How right the client was. */
  readonly judgement: Judgement;
  /** What was lost, and why. */
  readonly losses: LossesByTruth;
  /** The share lost of the heartbeats that the server should have answered; `undefined` where there were none. */
  readonly lossShare: number | undefined;
  /** All garbage that was sent. */
  readonly garbage: BarrageFigures;
  /** All heartbeats of strangers that were sent. */
  readonly flood: BarrageFigures;
  /** Whether the memory of both programs stayed near its first value. */
  readonly memoryStayed: boolean;
  /** Whether nothing is wrong. */
  readonly passed: boolean;
}

/** Judges a soak. */
export function assess(record: SoakRecord): Result {
  const judgement = judgeVerdicts(record);
  const losses = judgeLosses(record.lostSentAtMs, record.outages);
  const answerable = record.answered + losses.whileUp;
  const memoryStayed = [record.serverMemory, record.clientMemory].every(stayed);
  return {
    record,
    judgement,
    losses,
    lossShare: answerable === 0 ? undefined : losses.whileUp / answerable,
    garbage: barrageFigures(record.barrages, "garbage"),
    flood: barrageFigures(record.barrages, "flood"),
    memoryStayed,
    passed: judgement.wrong + judgement.missed + record.failures.length === 0 && memoryStayed,
  };
}

/** The figures for people, a line each. */
export function resultLines(result: Result): string[] {
  const { record, judgement, losses, lossShare, garbage, flood } = result;
  const row = (name: string, ...cells: string[]) => `${name.padEnd(16)}${cells.join(", ")}`;
  const outstanding = outstandingOf(record);
  return [
    row("duration", `${(record.durationMs / 1000).toFixed(1)} s`),
    row(
      "heartbeats",
      `${grouped(record.sent)} sent`,
      `${grouped(record.answered)} answered`,
      `${grouped(outstanding)} outstanding`,
    ),
    row(
      "  lost",
      `${grouped(losses.whileUp)} while the server was up (${percent(lossShare)}), ` +
        `${grouped(losses.whileDown)} while it was down`,
      `${grouped(record.late)} of all answered late`,
    ),
    row(
      "verdicts",
      `${grouped(judgement.right)} right`,
      `${grouped(judgement.wrong)} wrong`,
      `${grouped(judgement.missed)} missed`,
    ),
    ...judgement.faults.map(({ fault, verdict, atMs }) =>
      row("", `"${verdict}" ${fault} at ${((atMs - record.fromMs) / 1000).toFixed(3)} s`)
    ),
    row("garbage", barrageCells(garbage)),
    row("flood", barrageCells(flood)),
    row("kills", `${record.killed} by SIGKILL`, `${record.asked} by SIGTERM`),
    row("standstills", `${record.stalls} of this machine, by the client's timers`),
    row("server memory", memoryCells(record.serverMemory)),
    row("client memory", memoryCells(record.clientMemory)),
    ...record.failures.map((failure) => row("failure", failure)),
    row("result", result.passed ? "all is well" : "something is wrong"),
  ];
}

/** The figures for programs, one object. */
export function resultJson(result: Result, seed: number): string {
  const { record, judgement, losses, lossShare, passed } = result;
  return JSON.stringify({
    type: "soak",
    seed,
    duration_s: round(record.durationMs / 1000),
    heartbeats: {
      sent: record.sent,
      answered: record.answered,
      outstanding: outstandingOf(record),
      late: record.late,
      lost_while_up: losses.whileUp,
      lost_while_up_ratio: round(lossShare),
      lost_while_down: losses.whileDown,
    },
    verdicts: {
      right: judgement.right,
      wrong: judgement.wrong,
      missed: judgement.missed,
      faults: judgement.faults.map(({ fault, verdict, atMs }) => ({
        ...{ fault, verdict, at_s: round((atMs - record.fromMs) / 1000) },
      })),
    },
    garbage: barrageJson(result.garbage),
    flood: barrageJson(result.flood),
    kills: { sigkill: record.killed, sigterm: record.asked },
    stalls: record.stalls,
    memory_mb: {
      server: memoryJson(record.serverMemory),
      client: memoryJson(record.clientMemory),
    },
    failures: record.failures,
    passed,
  });
}

/** Heartbeats that still waited for their replies at the end. */
function outstandingOf({ sent, answered, lostSentAtMs }: SoakRecord): number {
  return sent - answered - lostSentAtMs.length;
}

function barrageFigures(
  barrages: readonly FloodReport[],
  wanted: FloodReport["kind"],
): BarrageFigures {
  const chosen = barrages.filter(({ kind }) => kind === wanted);
  const total = (part: (barrage: FloodReport) => number) =>
    chosen.reduce((sum, barrage) => sum + part(barrage), 0);
  const sent = total((barrage) => barrage.sent);
  const tookMs = total((barrage) => barrage.tookMs);
  return {
    phases: chosen.length,
    sent,
    refused: total((barrage) => barrage.refused),
    perSecond: tookMs === 0 ? undefined : sent / tookMs * 1000,
  };
}

function stayed(figures: MemoryFigures | undefined): boolean {
  return figures === undefined || figures.peakMb - figures.firstMb <= MEMORY_GROWTH_MB;
}

function barrageCells({ phases, sent, refused, perSecond }: BarrageFigures): string {
  if (perSecond === undefined) return "none";
  const times = phases === 1 ? "1 phase" : `${grouped(phases)} phases`;
  return `${grouped(sent)} datagrams in ${times}, ${grouped(Math.round(perSecond))} a second` +
    (refused === 0 ? "" : `, ${grouped(refused)} more refused by this system`);
}

function memoryCells(figures: MemoryFigures | undefined): string {
  if (figures === undefined) return "not read: the soak was too short";
  const { firstMb, lastMb, peakMb } = figures;
  return `${firstMb.toFixed(1)} MB at first, ${lastMb.toFixed(1)} last, ${peakMb.toFixed(1)} peak`;
}

function barrageJson({ phases, sent, refused, perSecond }: BarrageFigures) {
  return { phases, sent, refused, per_second: round(perSecond) };
}

function memoryJson(figures: MemoryFigures | undefined) {
  if (figures === undefined) return null;
  const { firstMb, lastMb, peakMb } = figures;
  return { first: round(firstMb), last: round(lastMb), peak: round(peakMb) };
}

function percent(share: number | undefined): string {
  return share === undefined ? "-" : `${(share * 100).toFixed(3)}%`;
}

function round(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1000) / 1000;
}

/** Digits in groups of three, the same on every machine. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
