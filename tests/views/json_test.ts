import { assert, assertEquals } from "@std/assert";
import { clientsJson } from "../../lib/views/clients_json.ts";
import { targetsJson } from "../../lib/views/targets_json.ts";
import { listed } from "../../lib/simulation/fleet_world.ts";
import { canRead, doc } from "../support/documents.ts";
import { sampleServer } from "./sample_server.ts";
import { sampleFleet, watchOf } from "./sample_watch.ts";

const read = (pieces: Iterable<string>) => JSON.parse([...pieces].join(""));

Deno.test("the state of targets is an array with an object for each, in the order of the list", () => {
  const fleet = sampleFleet([{ ...listed(1), labels: { rackNo: "<r7>" } }, listed(0)]);
  const [stopped, lossy] = read(targetsJson(watchOf(fleet)));
  assertEquals(stopped.target, "10.0.0.1:12000");
  assertEquals(stopped.address, "10.0.0.1");
  assertEquals(stopped.labels, { rackNo: "<r7>" });
  assertEquals([stopped.state, stopped.verdict], ["down", "stopped"]);
  assertEquals(stopped.sent, stopped.received + stopped.lost + stopped.outstanding);
  assertEquals([lossy.state, lossy.verdict, lossy.sent], ["up", "alive", 60]);
  assertEquals(lossy.loss_direction.forward, lossy.lost);
});

Deno.test("without targets the array is empty, and still an array", () => {
  assertEquals(read(targetsJson({ ...watchOf(sampleFleet()), targets: [] })), []);
  assertEquals(read(clientsJson(sampleServer(false))), []);
});

Deno.test("a server's clients are an array, the busiest first", () => {
  const clients = read(clientsJson(sampleServer()));
  assertEquals(clients.map(({ client }: { client: string }) => client), [
    "192.0.2.1:50000",
    "192.0.2.2:50001",
  ]);
  assertEquals(clients[0].received, 2);
});

Deno.test({
  name: "each field of a target's state stands in a document",
  ignore: !canRead,
  fn() {
    const texts = ["lib/views/README.md", "lib/report/README.md"].map((path) => doc(path).text);
    const fields = Object.keys(read(targetsJson(watchOf(sampleFleet())))[0]);
    assert(fields.length > 20, "the fields were not found");
    for (const field of fields) {
      assert(texts.some((text) => text.includes(`\`${field}\``)), `no document names ${field}`);
    }
  },
});
