/**
 * Networks as flags take them; only the server does, so the client doesn't load this.
 *
 * @module
 */

import { Network } from "../wire/network.ts";
import type { Quantity } from "./quantity.ts";

/** An address, or a network of addresses: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
export const network: Quantity<Network> = {
  accepts: "an address or a network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32",
  read(text) {
    const [, address, length] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    if (address === undefined) return undefined;
    try {
      return new Network(address, length === undefined ? undefined : Number(length));
    } catch {
      return undefined;
    }
  },
};
