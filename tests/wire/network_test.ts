import { assertEquals, assertThrows } from "@std/assert";
import { addressPrefix, Network } from "../../lib/wire/network.ts";

Deno.test("a network has the addresses whose first bits are its own", () => {
  const table: [string, number | undefined, string, boolean][] = [
    ["192.0.2.0", 24, "192.0.2.255", true],
    ["192.0.2.77", 24, "192.0.2.1", true],
    ["192.0.2.0", 24, "192.0.3.0", false],
    ["10.0.0.0", 9, "10.127.255.255", true],
    ["10.0.0.0", 9, "10.128.0.0", false],
    ["0.0.0.0", 0, "203.0.113.9", true],
    ["0.0.0.0", 0, "2001:db8::1", false],
    ["192.0.2.7", undefined, "192.0.2.7", true],
    ["192.0.2.7", undefined, "192.0.2.6", false],
    ["192.0.2.0", 24, "::ffff:192.0.2.9", true],
    ["::ffff:192.0.2.0", 120, "192.0.2.9", true],
    ["::ffff:192.0.2.0", 120, "192.0.3.9", false],
    ["::ffff:192.0.2.9", undefined, "192.0.2.9", true],
    ["::ffff:0:0", 96, "203.0.113.9", true],
    ["2001:db8::", 33, "2001:db8:7fff::1", true],
    ["2001:db8::", 33, "2001:db8:8000::1", false],
    ["::1", undefined, "0:0::1", true],
    ["::1", undefined, "example.org", false],
  ];
  for (const [address, length, other, expected] of table) {
    const network = new Network(address, length);
    assertEquals(network.contains(other), expected, `${network} ${other}`);
  }
});

Deno.test("a network is written without the bits that don't count", () => {
  const table: [Network, string][] = [
    [new Network("192.0.2.77", 24), "192.0.2.0/24"],
    [new Network("192.0.2.77"), "192.0.2.77/32"],
    [new Network("2001:DB8:ffff::1", 33), "2001:db8:8000::/33"],
    [new Network("::1"), "::1/128"],
    [new Network("::ffff:192.0.2.77", 120), "192.0.2.0/24"],
    [new Network("1:2:3:4:5:6:7:8", 16), "1::/16"],
  ];
  for (const [network, text] of table) assertEquals(`${network}`, text);
});

Deno.test("what isn't a network is refused", () => {
  const table: [string, number?][] = [
    ["localhost"],
    ["1.2.3.4", 33],
    ["::", 129],
    ["::", -1],
    ["::", 1.5],
    ["::ffff:1.2.3.4", 24],
  ];
  for (const [address, length] of table) {
    assertThrows(() => new Network(address, length), RangeError);
  }
});

Deno.test("addresses of one site have one prefix: /24 of IPv4, /56 of IPv6", () => {
  const table: [string, string, boolean][] = [
    ["192.0.2.1", "192.0.2.254", true],
    ["192.0.2.1", "192.0.3.1", false],
    ["192.0.2.1", "::ffff:192.0.2.9", true],
    ["2001:db8:0:ff::1", "2001:db8::1", true],
    ["2001:db8:0:100::1", "2001:db8::1", false],
    ["::1", "127.0.0.1", false],
  ];
  for (const [a, b, same] of table) {
    assertEquals(addressPrefix(a) === addressPrefix(b), same, `${a} ${b}`);
  }
});
