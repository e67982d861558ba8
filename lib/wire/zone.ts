/**
 * Zones: which of a machine's links an IPv6 link-local address lies on, as in `fe80::1%eth0`
 * (RFC 4007 section 11).
 *
 * @module
 */

/** An address, and the zone behind its `%`. */
export interface ZonedAddress {
  /** The address alone. */
  readonly address: string;
  /** The name or number of the link; `undefined`: none is named. */
  readonly zone: string | undefined;
}

/** Takes the zone off an address; any other text comes back as the address. */
export function splitZone(text: string): ZonedAddress {
  const at = text.indexOf("%");
  if (at < 0) return { address: text, zone: undefined };
  return { address: text.slice(0, at), zone: text.slice(at + 1) };
}

/** Whether a text is the name or number of a link: 1 to 64 visible characters. */
export function isZone(text: string): boolean {
  return /^[^\s\0-\x20\x7f-\uffff%:/[\]]{1,64}$/.test(text);
}
