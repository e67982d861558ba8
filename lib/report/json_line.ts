/**
 * Events as JSON, one object a line.
 *
 * Each object has `type` and `time` (RFC 3339, UTC, microseconds: the moment of the event). Names
 * end in their unit; an undefined figure is `null`.
 *
 * @module
 */

import { formatTimestamp } from "../text/timestamp.ts";
import { type Endpoint, formatEndpoint } from "../wire/endpoint.ts";

/**
 * A value in a line. Endpoints are written as text, numbers with at most six decimals, `undefined`
 * as `null`.
 */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Endpoint
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/**
 * Writes one line.
 *
 * @param wallMs the moment of the event, Unix milliseconds: written as `time`
 */
export function jsonLine(
  type: string,
  wallMs: number,
  fields: { readonly [name: string]: JsonValue },
): string {
  return jsonText({ type, time: formatTimestamp(wallMs), ...fields });
}

/** Writes one object. */
export function jsonText(fields: { readonly [name: string]: JsonValue }): string {
  return JSON.stringify(fields, replaceValue);
}

function replaceValue(_name: string, value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "number" && !Number.isInteger(value)) return Math.round(value * 1e6) / 1e6;
  return isEndpoint(value) ? formatEndpoint(value) : value;
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "object" && value !== null && "hostname" in value && "port" in value;
}
