/**
 * The kinds of values that flags take: how to read each, and how to say which values are accepted.
 *
 * @module
 */

import { formatTime, MS_OF_UNIT } from "../text/units.ts";
import { canonicalAddress } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";

/** A kind of value. */
export interface Quantity<Value> {
  /** The accepted values, in words that follow "expected". */
  readonly accepts: string;
  /** Reads a text; returns `undefined` when it isn't accepted. */
  readonly read: (text: string) => Value | undefined;
}

/** A whole number within limits. */
export function wholeNumber(min: number, max: number): Quantity<number> {
  return {
    accepts: `a whole number from ${min} to ${max}`,
    read: (text) => /^\d{1,16}$/.test(text) ? within(Number(text), min, max) : undefined,
  };
}

/** A number within limits, with or without decimals. */
export function decimalNumber(min: number, max: number): Quantity<number> {
  return {
    accepts: `a number from ${min} to ${max}`,
    read: (text) => DECIMAL.test(text) ? within(Number(text), min, max) : undefined,
  };
}

/** A share of a whole, read as 0 to 1: `0.3` or `30%`. */
export const share: Quantity<number> = {
  accepts: "a share from 0 to 1 such as 0.3, or from 0% to 100% such as 30%",
  read(text) {
    const number = text.endsWith("%") ? text.slice(0, -1) : text;
    if (!DECIMAL.test(number)) return undefined;
    return text.endsWith("%") ? within(Number(number) / 100, 0, 1) : within(Number(number), 0, 1);
  },
};

/**
 * A time, read as milliseconds: `500ms`, `1s`, `2m`, `1h`; a bare number is seconds.
 *
 * @param orZero whether 0 is accepted, too, below `minMs`
 */
export function time(minMs: number, maxMs: number, orZero = false): Quantity<number> {
  return {
    // Made only where it is said: every start would wait for it.
    get accepts() {
      const range = `from ${formatTime(minMs)} to ${formatTime(maxMs)}`;
      const examples = ["500ms", "1s", "2m", "1h"].filter((text) => {
        const ms = readTimeMs(text)!;
        return ms > minMs && ms < maxMs;
      });
      return `a time ${range}${orZero ? ", or 0," : ""} such as ${listOf(examples)}`;
    },
    read(text) {
      const ms = readTimeMs(text);
      if (ms === undefined) return undefined;
      return orZero && ms === 0 ? 0 : within(ms, minMs, maxMs);
    },
  };
}

/** An address to bind a socket to, with or without brackets; `localhost` means 127.0.0.1. */
export const localAddress: Quantity<string> = {
  accepts: "an IPv4 or IPv6 address of this machine, such as 127.0.0.1, ::1 or fe80::1%eth0",
  read(text) {
    if (text.toLowerCase() === "localhost") return "127.0.0.1";
    return canonicalAddress(/^\[(.*)\]$/.exec(text)?.[1] ?? text);
  },
};

/** An address of this machine and a port, to serve pages on: `127.0.0.1:9876`, `[::1]:9876`. */
export const localEndpoint: Quantity<Endpoint> = {
  accepts: "ADDRESS:PORT of this machine, such as 127.0.0.1:9876, or [::1]:9876",
  read(text) {
    const [, host = "", digits = ""] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
    const hostname = host.includes(":") && !host.startsWith("[")
      ? undefined
      : localAddress.read(host);
    const port = within(Number(digits), 0, 65535);
    return hostname === undefined || port === undefined ? undefined : { hostname, port };
  },
};

/** A name of this machine, as browsers ask for it. */
export const hostName: Quantity<string> = {
  accepts: "a name of this machine without a port, such as monitor.example",
  read: (text) =>
    /^[\w-][\w.-]{0,252}$/.test(text) ? text.toLowerCase().replace(/\.$/, "") : undefined,
};

function readTimeMs(text: string): number | undefined {
  const fields = TIME.exec(text);
  return fields === null ? undefined : Number(fields[1]) * MS_OF_UNIT[fields[2] ?? "s"]!;
}

/** Joins words: `1s`, `1s or 2m`, `1s, 2m or 1h`. */
function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

const DECIMAL = /^(\d{1,15}(\.\d*)?|\.\d+)$/;
const TIME = /^(\d{1,15}(?:\.\d*)?|\.\d+)(ms|s|m|h)?$/;

function within(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}
