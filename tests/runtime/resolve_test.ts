import { assertEquals, assertRejects } from "@std/assert";
import { resolveHost } from "../../lib/runtime/resolve.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";

Deno.test("an address needs no resolver, and gets its shortest spelling", async () => {
  const table: [string, 4 | 6 | undefined, string][] = [
    ["127.0.0.1", undefined, "127.0.0.1"],
    ["192.0.2.7", 4, "192.0.2.7"],
    ["::1", undefined, "::1"],
    ["2001:DB8:0:0:0:0:0:1", 6, "2001:db8::1"],
    ["FE80::1%eth0", undefined, "fe80::1%eth0"],
    ["localhost", undefined, "127.0.0.1"],
    ["LOCALHOST", 4, "127.0.0.1"],
    ["localhost", 6, "::1"],
  ];
  for (const [host, family, address] of table) {
    assertEquals(await resolveHost(host, family), [address]);
  }
});

Deno.test("addresses of the other family, or of no host, are refused", async () => {
  const table: [string, 4 | 6 | undefined, string][] = [
    ["127.0.0.1", 6, "127.0.0.1 is an IPv4 address, but -6 was given"],
    ["::1", 4, "::1 is an IPv6 address, but -4 was given"],
    ["0.0.0.0", undefined, "is where a server listens, and no address to send to; on this machine"],
    ["::", undefined, "it is [::1]"],
    ["0:0:0:0:0:0:0:0", undefined, "it is [::1]"],
  ];
  for (const [host, family, message] of table) {
    await assertRejects(() => resolveHost(host, family), OperatorError, message);
  }
});
