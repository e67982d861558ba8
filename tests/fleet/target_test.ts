import { assertEquals, assertThrows } from "@std/assert";
import { OperatorError } from "../../lib/text/operator_error.ts";
import { readTarget } from "../../lib/fleet/target.ts";

Deno.test("readTarget() reads hosts with and without ports", () => {
  const table: [string, string, number][] = [
    ["localhost", "localhost", 12000],
    ["localhost:9", "localhost", 9],
    ["192.0.2.7", "192.0.2.7", 12000],
    ["192.0.2.7:65535", "192.0.2.7", 65535],
    ["[::1]", "::1", 12000],
    ["[::1]:12001", "::1", 12001],
    ["::1", "::1", 12000],
    ["2001:db8::1:1200", "2001:db8::1:1200", 12000],
    ["fe80::1%eth0", "fe80::1%eth0", 12000],
    ["[fe80::1%eth0]:12001", "fe80::1%eth0", 12001],
    ["my_host-1.example.org.", "my_host-1.example.org.", 12000],
    ["b\u00fccher.example", "b\u00fccher.example", 12000],
  ];
  for (const [text, host, port] of table) assertEquals(readTarget(text), { host, port }, text);
});

Deno.test("readTarget() names the error and the accepted forms", () => {
  const table: [string, string][] = [
    ["", "the host is missing"],
    [":12000", "the host is missing"],
    ["host:", "an empty port is not a port"],
    ["host:0", "0 is not a port"],
    ["host:65536", "65536 is not a port"],
    ["host:x", "x is not a port"],
    ["host:1e3", "1e3 is not a port"],
    ["a:b:c", "too many colons"],
    ["2001:db8::1:12000", "too many colons"],
    ["[127.0.0.1]:5", "127.0.0.1 is not an IPv6 address"],
    ["[fe80::1%]", "% is not a link"],
    ["fe80::1%a%b", "%a%b is not a link"],
    ["[2001:db8::1%eth0]:1", "only fe80:: has links"],
    ["[fe80::x%eth0]", "fe80::x%eth0 is not an IPv6 address"],
    ["fe80::1%eth0:12000", "%eth0:12000 is not a link"],
    ["[::1", "too many colons"],
    ["[::1]x", "too many colons"],
    ["300.1.1.1", "300.1.1.1 is not an IPv4 address"],
    ["bad host", "no host is called that"],
    ["http://host", "not a port"],
    ["\u001b[31m", "no host is called that"],
  ];
  for (const [text, why] of table) {
    const error = assertThrows(() => readTarget(text), OperatorError, why);
    assertEquals(error.message.includes("expected HOST or HOST:PORT"), true, text);
  }
});
