import { assertEquals } from "@std/assert";
import { Lru } from "../../lib/tables/lru.ts";
import { seededRandom } from "../../lib/impairment/random.ts";

const PLACES = 50;

Deno.test("it remembers and forgets as a Map does that is kept in the order of use", () => {
  const random = seededRandom(20251125);
  const table = new Lru<number>(PLACES, 7);
  const model = new Map<string, number>();
  const moveToEnd = (key: string) => {
    const value = model.get(key);
    if (value === undefined) return undefined;
    model.delete(key);
    model.set(key, value);
    return value;
  };
  for (let i = 0; i < 20_000; i++) {
    const key = `key ${Math.floor(random() * 2 * PLACES)}`;
    const action = random();
    if (action < 0.2) {
      assertEquals(table.find(key), model.get(key));
    } else if (action < 0.4) {
      assertEquals(table.use(key), moveToEnd(key));
    } else if (action < 0.5) {
      assertEquals(table.remove(key), model.get(key));
      model.delete(key);
    } else if (!model.has(key)) {
      const oldest = model.size === PLACES ? [...model][0] : undefined;
      assertEquals(table.makeRoom(), oldest?.[1]);
      if (oldest !== undefined) model.delete(oldest[0]);
      table.add(key, i);
      model.set(key, i);
    }
    assertEquals(table.size, model.size);
    if (i % 100 === 0) assertEquals([...table], [...model.values()]);
  }
});

Deno.test("a single place is enough, for one key after the other", () => {
  const table = new Lru<string>(1, 7);
  table.add("a", "first");
  assertEquals([table.find("b"), table.use("a"), table.makeRoom()], [undefined, "first", "first"]);
  table.add("b", "second");
  assertEquals([[...table], table.find("a"), table.remove("b")], [["second"], undefined, "second"]);
  table.add("c", "third");
  assertEquals([...table], ["third"]);
});
