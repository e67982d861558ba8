import { assertEquals } from "@std/assert";
import {
  ADDRESS_BYTES,
  AddressReader,
  readAddress,
  writeAddress,
} from "../../lib/native/addresses.ts";

const noLink = () => 0;

Deno.test("endpoints are written as Linux has them, and read back", () => {
  const bytes = new Uint8Array(2 * ADDRESS_BYTES).fill(255);
  const v4 = { hostname: "192.0.2.7", port: 12000 };
  assertEquals(writeAddress(bytes, ADDRESS_BYTES, v4, noLink), 16);
  const expected = [2, 0, 0x2e, 0xe0, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0];
  assertEquals([...bytes.subarray(ADDRESS_BYTES, ADDRESS_BYTES + 16)], expected);
  assertEquals(readAddress(bytes, ADDRESS_BYTES), v4);
  for (const hostname of ["2001:db8::1", "::ffff:192.0.2.7", "::"]) {
    const v6 = { hostname, port: 65535 };
    assertEquals(writeAddress(bytes, 0, v6, noLink), 28);
    assertEquals(readAddress(bytes, 0), v6);
  }
});

Deno.test("a zone is the number of its link, in the order of bytes of this machine", () => {
  const bytes = new Uint8Array(ADDRESS_BYTES);
  const indexOf = (zone: string) => zone === "eth0" ? 258 : 0;
  writeAddress(bytes, 0, { hostname: "fe80::1%eth0", port: 9 }, indexOf);
  assertEquals([...bytes.subarray(24)], [2, 1, 0, 0]);
  writeAddress(bytes, 0, { hostname: "fe80::1%7", port: 9 }, indexOf);
  assertEquals([...bytes.subarray(24)], [7, 0, 0, 0]);
  // Deno's own sockets give no zones, either.
  assertEquals(readAddress(bytes, 0), { hostname: "fe80::1", port: 9 });
});

Deno.test("what is no address is written as none, and another family is read as none", () => {
  const bytes = new Uint8Array(ADDRESS_BYTES);
  for (const hostname of ["localhost", "fe80::1%eth7", "fe80::1%0"]) {
    assertEquals(writeAddress(bytes, 0, { hostname, port: 9 }, noLink), 0, hostname);
  }
  bytes[0] = 1;
  assertEquals(readAddress(bytes, 0), undefined);
});

Deno.test("a reader tells endpoints apart, whatever it has read before, and forgets", () => {
  const reader = new AddressReader();
  const bytes = new Uint8Array(ADDRESS_BYTES);
  const hosts = ["192.0.2.7", "192.0.2.8", "7.2.0.192", "::1", "2001:db8::1", "::ffff:192.0.2.7"];
  for (let round = 0; round < 3; round++) {
    for (let port = 1; port <= 1500; port++) {
      for (const hostname of hosts) {
        writeAddress(bytes, 0, { hostname, port }, noLink);
        assertEquals(reader.read(bytes, 0), { hostname, port });
      }
    }
  }
});
