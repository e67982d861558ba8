import { assert, assertEquals } from "@std/assert";
import {
  addressBytes,
  addressFamily,
  addressText,
  canonicalAddress,
  isLinkLocal,
  mappedV4,
} from "../../lib/wire/address.ts";
import { formatEndpoint, sameEndpoint } from "../../lib/wire/endpoint.ts";

Deno.test("canonicalAddress() writes every text of an address the same way (RFC 5952)", () => {
  const table: [string, string][] = [
    ["127.0.0.1", "127.0.0.1"],
    ["255.255.255.255", "255.255.255.255"],
    ["::", "::"],
    ["::1", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["2001:DB8::0001", "2001:db8::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["1::", "1::"],
    ["::ffff:127.0.0.1", "::ffff:127.0.0.1"],
    ["::ffff:7f00:1", "::ffff:127.0.0.1"],
    ["64:ff9b::192.0.2.1", "64:ff9b::c000:201"],
    ["FE80:0::1%eth0", "fe80::1%eth0"],
    ["febf::1%2", "febf::1%2"],
  ];
  for (const [text, canonical] of table) assertEquals(canonicalAddress(text), canonical, text);
});

Deno.test("canonicalAddress() refuses what is not an address", () => {
  const v4 = "localhost 1.2.3 1.2.3.4.5 256.1.1.1 01.2.3.4 1.2.3.x 1.2.3.4:5";
  const v6 = ": ::: 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1::2::3 12345:: ::g [::1] 1:2:3:4:5:6:7::8 " +
    "::1.2.3 1.2.3.4:: :1:2:3:4:5:6:7 fe80::1% fe80::1%a%b fe80::1%\u001b[31m fec0::1%eth0 ::1%lo " +
    "127.0.0.1%lo %eth0 fe80::1%eth0/64";
  for (const text of ["", ...v4.split(" "), ...v6.split(" ")]) {
    assertEquals(canonicalAddress(text), undefined, text);
  }
});

Deno.test("addressText() writes the bytes that addressBytes() reads", () => {
  for (const text of ["192.0.2.1", "::", "2001:db8::1", "::ffff:192.0.2.1", "::fffe:c000:201"]) {
    assertEquals(addressText(addressBytes(text)!), text);
  }
});

Deno.test("mappedV4() finds only the IPv4 address that an IPv6 address carries", () => {
  const table: [string, number[] | undefined][] = [
    ["::ffff:192.0.2.1", [192, 0, 2, 1]],
    ["::ffff:0:0", [0, 0, 0, 0]],
    ["::fffe:192.0.2.1", undefined],
    ["1::ffff:192.0.2.1", undefined],
    ["::192.0.2.1", undefined],
    ["64:ff9b::192.0.2.1", undefined],
    ["192.0.2.1", undefined],
  ];
  for (const [text, v4] of table) assertEquals(mappedV4(addressBytes(text)!), v4, text);
});

Deno.test("addressFamily() tells IPv4, IPv6 and names apart", () => {
  assertEquals(addressFamily("192.0.2.1"), 4);
  assertEquals(addressFamily("2001:db8::1"), 6);
  assertEquals(addressFamily("fe80::1%eth0"), 6);
  assertEquals(addressFamily("example.org"), undefined);
});

Deno.test("isLinkLocal() finds fe80::/10, with and without a zone", () => {
  for (const text of ["fe80::1", "febf::1", "fe80::1%eth0"]) assertEquals(isLinkLocal(text), true);
  for (const text of ["fec0::1", "fe7f::1", "::1", "192.0.2.1", "fe80", "fe80:x"]) {
    assertEquals(isLinkLocal(text), false, text);
  }
});

Deno.test("an address without a zone equals the same address with one; two zones differ", () => {
  const at = (hostname: string, port = 1) => ({ hostname, port });
  assert(sameEndpoint(at("fe80::1"), at("fe80::1")));
  assert(sameEndpoint(at("fe80::1%eth0"), at("fe80::1")));
  assert(sameEndpoint(at("fe80::1"), at("fe80::1%eth0")));
  assert(!sameEndpoint(at("fe80::1"), at("fe80::1%eth0", 2)));
  assert(!sameEndpoint(at("fe80::2"), at("fe80::1%eth0")));
  assert(!sameEndpoint(at("fe80::1%eth1"), at("fe80::1%eth0")));
});

Deno.test("formatEndpoint() puts IPv6 addresses in brackets", () => {
  assertEquals(formatEndpoint({ hostname: "127.0.0.1", port: 12000 }), "127.0.0.1:12000");
  assertEquals(formatEndpoint({ hostname: "::1", port: 12000 }), "[::1]:12000");
});
