import { assertEquals, assertThrows } from "@std/assert";
import {
  type ListedTarget,
  readJsonList,
  readTextList,
  refuseRepeated,
} from "../../lib/fleet/target_list.ts";
import { OperatorError } from "../../lib/text/operator_error.ts";

const TEXT = `\ufeff# the rack in the cellar
192.0.2.7:12000 name=web-1 rack=r7 site=ham  # the old one

db.example # no port
[fe80::1%eth0]:12001\tname=gateway\r
#10.0.0.1
`;

Deno.test("a text list has a target a line, with a name, labels and comments", () => {
  assertEquals(readTextList(TEXT, "rack.txt"), [
    {
      host: "192.0.2.7",
      port: 12000,
      name: "web-1",
      labels: { rack: "r7", site: "ham" },
      place: "rack.txt, line 2",
    },
    { host: "db.example", port: 12000, name: "db.example", labels: {}, place: "rack.txt, line 4" },
    {
      host: "fe80::1%eth0",
      port: 12001,
      name: "gateway",
      labels: {},
      place: "rack.txt, line 5",
    },
  ]);
});

Deno.test("Prometheus' file_sd is a list, too: one file serves both", () => {
  const groups = [
    { targets: ["a:12000", "b"], labels: { job: "udp", __scheme__: "x", rack: "r 7" } },
    { targets: ["[::1]"], labels: { name: "me" } },
    { targets: ["c"] },
  ];
  const labels = { job: "udp", rack: "r 7" };
  assertEquals(readJsonList(JSON.stringify(groups), "l.json"), [
    { host: "a", port: 12000, name: "a:12000", labels, place: "l.json, group 1, target 1" },
    { host: "b", port: 12000, name: "b", labels, place: "l.json, group 1, target 2" },
    { host: "::1", port: 12000, name: "me", labels: {}, place: "l.json, group 2, target 1" },
    { host: "c", port: 12000, name: "c", labels: {}, place: "l.json, group 3, target 1" },
  ]);
});

Deno.test("what is wrong with a list is said in one line that names the place", () => {
  const table: [read: typeof readTextList, list: string, error: RegExp][] = [
    [readTextList, "# nothing\n\n", /^x names no server; expected a line each, such as /],
    [readTextList, "a\nb:0", /^x, line 2: can't read the server b:0: 0 is not a port /],
    [readTextList, "a web-1", /^x, line 1: "web-1" is no label; expected key=value /],
    [readTextList, "a rack=1 rack=2", /^x, line 1: rack is given twice$/],
    [readTextList, "a __b=1", /^x, line 1: __b can't be a label's key; expected letters, /],
    [readTextList, "a =1", /^x, line 1: an empty text can't be a label's key; /],
    [readTextList, "a name=", /^x, line 1: the value of name is empty, too long, or has /],
    [readTextList, "a name=\x1b[31m", /^x, line 1: the value of name is empty, too long, /],
    [readTextList, "a target=b", /^x, line 1: "target" is the address itself; choose /],
    [readTextList, "a\n".repeat(100_001), /^x names 100001 servers; expected at most 100000$/],
    [readJsonList, "[", /^x is no JSON: .+/],
    [readJsonList, "{}", /^x is no list of groups; expected \[\{"targets": \["HOST:PORT", /],
    [readJsonList, "[1]", /^x, group 1 has no list of targets; expected /],
    [readJsonList, '[{"targets":[1]}]', /^x, group 1 has no list of targets; expected /],
    [readJsonList, '[{"targets":["a"],"labels":{"b":1}}]', /^x, group 1 has labels that are no /],
    [readJsonList, '[{"targets":["a"]},{"targets":["b:c"]}]', /^x, group 2, target 1: can't read/],
    [readJsonList, "[]", /^x names no server; /],
  ];
  for (const [read, list, error] of table) {
    const { message } = assertThrows(() => read(list, "x"), OperatorError);
    assertEquals(error.test(message) && !message.includes("\n"), true, message);
  }
});

Deno.test("two targets at one endpoint are refused, however they are written", () => {
  const table: [list: string, repeated: boolean][] = [
    ["192.0.2.7\n192.0.2.7:12000 name=web", true],
    ["[0:0::1]\n[::1]:12000", true],
    ["Web.example.\nweb.example", true],
    ["web.example:1\nweb.example:2", false],
    ["fe80::1%eth0\nfe80::1%eth1", true],
    ["fe80::1%eth0\nfe80::2%eth0", false],
  ];
  for (const [list, repeated] of table) {
    const targets: ListedTarget[] = readTextList(list, "x");
    if (!repeated) refuseRepeated(targets);
    else assertThrows(() => refuseRepeated(targets), OperatorError, "list each server once");
  }
  const { message } = assertThrows(
    () => refuseRepeated(readTextList("a name=web-1\nb\nA:12000 name=web-2", "x")),
    OperatorError,
  );
  assertEquals(
    message,
    "web-2 (x, line 3) has the address and port of web-1 (x, line 1); list each server once",
  );
});
