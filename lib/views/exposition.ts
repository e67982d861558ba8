/**
 * Metrics in the text that Prometheus reads (its exposition format, version 0.0.4), written piece
 * by piece: at 10,000 targets all of it is 24 MB.
 *
 * @module
 */

/** Writes a sample of a family: its value, labels of its own (`,le="0.1"`), and a suffix. */
export type WriteSample = (value: number | undefined, labels?: string, suffix?: string) => void;

/** Samples that belong together, as they measure one thing. */
export interface Family<Of> {
  /** Its name, in base units: seconds, bytes, ratios; `_total` at the end of a counter. */
  readonly name: string;
  /** What its values do: a counter never falls, a gauge may. */
  readonly type: "counter" | "gauge" | "histogram";
  /** What it measures, in one sentence. */
  readonly help: string;
  /** Writes the samples of one thing; a sample without a value is left out. */
  readonly write: (of: Of, sample: WriteSample) => void;
}

/** Makes a family of one sample, which has no labels of its own. */
export function single<Of>(
  name: string,
  type: "counter" | "gauge",
  help: string,
  value: (of: Of) => number | undefined,
): Family<Of> {
  return { name, type, help, write: (of, sample) => sample(value(of)) };
}

/** One thing that has samples, with the labels that they all have: `target="a:1",name="a"`. */
export interface Labelled<Of> {
  /** The labels, without braces; an empty text: none. */
  readonly labels: string;
  /** The thing. */
  readonly of: Of;
}

/** A sample of a family that many things have, such as all targets. */
export interface TableSample<Of> {
  /** The labels of its own (`,state="up"`). */
  readonly labels: string;
  /** Reads its value; `undefined`: it has none. */
  readonly value: (of: Of) => number | undefined;
}

/** Samples that belong together, of many things. */
export interface TableFamily<Of> extends Omit<Family<Of>, "write"> {
  /** The samples that each thing has. */
  readonly samples: readonly TableSample<Of>[];
}

/**
 * The values of all samples of many things: those of one thing stand together. Numbers in one array
 * leave no garbage, where an object for each of ten thousand things would.
 */
export interface SampleTable {
  /** The labels of each thing, without braces. */
  readonly labels: readonly string[];
  /** The values, `NaN` where a sample has none; it may be longer. */
  readonly values: Float64Array;
}

/** How many samples a thing has. */
export function samplesOf<Of>(families: readonly TableFamily<Of>[]): number {
  return families.reduce((sum, { samples }) => sum + samples.length, 0);
}

/** Writes a table, family by family, in pieces. */
export function* tableExposition<Of>(
  families: readonly TableFamily<Of>[],
  { labels, values }: SampleTable,
): Generator<string, void> {
  const width = samplesOf(families);
  let text = "";
  let first = 0;
  for (const family of families) {
    const { name, samples } = family;
    // A family without samples is left out.
    let heading = headingOf(family);
    for (const [i, common] of labels.entries()) {
      for (let k = 0; k < samples.length; k++) {
        const value = values[i * width + first + k]!;
        if (Number.isNaN(value)) continue;
        text += `${heading}${name}{${common}${samples[k]!.labels}} ${numberText(value)}\n`;
        heading = "";
      }
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = "";
    }
    first += samples.length;
  }
  yield text;
}

/** A piece is about this long, characters: writing it takes a tenth of a millisecond. */
const PIECE_LENGTH = 8192;

/** Writes all samples of some things, family by family, in pieces. */
export function* exposition<Of>(
  families: readonly Family<Of>[],
  things: readonly Labelled<Of>[],
): Generator<string, void> {
  let text = "";
  for (const family of families) {
    const { name, write } = family;
    // A family without samples is left out.
    let heading = headingOf(family);
    for (const { labels, of } of things) {
      write(of, (value, own = "", suffix = "") => {
        if (value === undefined) return;
        text += heading;
        heading = "";
        // A label of its own begins with a comma, which nothing may stand before.
        const all = labels === "" ? own.slice(1) : labels + own;
        text += `${name}${suffix}${all === "" ? "" : `{${all}}`} ${numberText(value)}\n`;
      });
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = "";
    }
  }
  yield text;
}

function headingOf({ name, type, help }: Omit<Family<never>, "write">): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** Writes a label with a comma before it: `,state="up"`. */
export function labelText(key: string, value: string): string {
  return `,${key}="${escapeLabel(value)}"`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

/** Whole nanoseconds: of a larger number a double has no such digits. */
const [DIGITS, LARGEST] = [1e9, 1e6];

function numberText(value: number): string {
  if (Math.abs(value) < LARGEST) return String(Math.round(value * DIGITS) / DIGITS);
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : value < 0 ? "-Inf" : "NaN";
}
