import { assertEquals, assertThrows } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

const FLAGS = {
  string: ["port", "limit", "host", "header"],
  boolean: ["quiet", "help"],
  collect: ["header"],
  alias: { port: "p", limit: ["l", "max"], quiet: "q", header: "H" },
};

// The real package computes a type for the result; these tests are about values.
const parseAny: (
  ...args: Parameters<typeof parseArgs>
) => Record<string, unknown> = parseArgs;

/** What the arguments set apart from the defaults of {@linkcode FLAGS}. */
function parse(...args: string[]): Record<string, unknown> {
  const parsed: Record<string, unknown> = { ...parseAny(args, FLAGS) };
  for (const name of ["quiet", "q", "help"]) {
    if (parsed[name] === false) delete parsed[name];
  }
  for (const name of ["header", "H", "_"]) {
    const values = parsed[name];
    if (Array.isArray(values) && values.length === 0) delete parsed[name];
  }
  return parsed;
}

function table(rows: [args: string[], expected: Record<string, unknown>][]) {
  for (const [args, expected] of rows) {
    assertEquals(parse(...args), expected, `args: ${JSON.stringify(args)}`);
  }
}

const port = (value: string) => ({ port: value, p: value });
const limit = (value: string) => ({ limit: value, l: value, max: value });
const quiet = { quiet: true, q: true };

Deno.test("nothing given leaves booleans false and collections empty", () => {
  assertEquals(parseAny([], FLAGS), {
    _: [],
    quiet: false,
    q: false,
    help: false,
    header: [],
    H: [],
  });
});

Deno.test("without options every flag is a switch or takes the next argument", () => {
  assertEquals(parseArgs(["--foo", "--bar=baz", "--n", "5", "x"]), {
    foo: true,
    bar: "baz",
    n: 5,
    _: ["x"],
  });
});

Deno.test("a long flag takes its value after = or from the next argument", () => {
  table([
    [["--port=80"], port("80")],
    [["--port", "80"], port("80")],
    [["--port="], port("")],
    [["--port=a=b"], port("a=b")],
    [["--port=a\nb"], port("a\nb")],
    [["--port=-1"], port("-1")],
    [["--max", "3"], limit("3")],
  ]);
});

Deno.test("a string flag without a value is the empty string", () => {
  table([
    [["--port"], port("")],
    [["-p"], port("")],
    [["--port", "--quiet"], { ...port(""), ...quiet }],
    [["--port", "-q"], { ...port(""), ...quiet }],
    [["--port", "-"], { ...port(""), _: ["-"] }],
    [["--port", ""], { ...port(""), _: [""] }],
    [["--port", "--", "80"], { ...port(""), _: ["80"] }],
  ]);
});

Deno.test("a value that starts with a dash is read as flags, save a lone dash after a short flag", () => {
  table([
    [["--port", "-5"], { ...port(""), 5: true }],
    [["-p", "-5"], { ...port(""), 5: true }],
    [["-p", "-"], port("-")],
    [["-p-"], port("-")],
  ]);
});

Deno.test("short flags can be grouped, the last one taking the value", () => {
  table([
    [["-ql", "30%"], { ...quiet, ...limit("30%") }],
    [["-ql"], { ...quiet, ...limit("") }],
    [["-lq"], { ...quiet, ...limit("") }],
    [["-q", "30%"], { ...quiet, _: ["30%"] }],
  ]);
});

Deno.test("a short flag can have its value attached", () => {
  table([
    [["-p5"], port("5")],
    [["-p=5"], port("5")],
    [["-p=x"], port("x")],
    [["-p="], port("")],
    [["-p1.5"], port("1.5")],
    [["-p-5"], port("-5")],
    [["-p/tmp"], port("/tmp")],
    [["-pab5"], port("ab5")],
  ]);
});

Deno.test("text attached to a short flag is more flags when it does not end in a digit", () => {
  table([
    [["-l30%"], { ...limit(""), 3: true, 0: true, "%": true }],
    [["-pab"], { ...port(""), a: true, b: true }],
  ]);
});

Deno.test("a value after = in a group goes to the first letter", () => {
  table([[["-ql=5"], { quiet: 5, q: 5 }]]);
});

Deno.test("digits are flags too", () => {
  table([
    [["-4"], { 4: true }],
    [["-46"], { 4: true, 6: true }],
    [["-4", "host"], { 4: "host" }],
  ]);
  assertEquals(parseArgs(["-4", "host"], { boolean: ["4"] }), {
    4: true,
    _: ["host"],
  });
});

Deno.test("a boolean takes =true, =false or such a next argument", () => {
  const off = { quiet: false, q: false };
  for (
    const [args, expected] of [
      [["--quiet=true"], quiet],
      [["--quiet=false"], off],
      [["--quiet", "false"], off],
      [["-q", "false"], off],
      [["--quiet=no"], quiet],
      [["--quiet="], quiet],
      [["-q=false"], { quiet: "false", q: "false" }],
    ] as const
  ) {
    assertEquals(parseAny([...args], { boolean: ["quiet"], alias: FLAGS.alias }), {
      _: [],
      ...expected,
    });
  }
  table([[["--quiet", "x"], { ...quiet, _: ["x"] }]]);
});

Deno.test("a repeated flag keeps the last value unless it is collected", () => {
  table([
    [["-p1", "--port=2"], port("2")],
    [["-q", "--quiet=false", "-q"], quiet],
    [["-H", "a: b", "--header=c"], {
      header: ["a: b", "c"],
      H: ["a: b", "c"],
    }],
    [["--header"], { header: [""], H: [""] }],
  ]);
});

Deno.test("numeric positionals become numbers", () => {
  assertEquals(
    parseArgs(["5", "0x10", "1e3", "30%", "", " ", "Infinity", "-"])._,
    [5, 16, 1000, "30%", "", " ", "Infinity", "-"],
  );
});

Deno.test("positionals stay text when _ is declared a string", () => {
  const { _ } = parseAny(["5", "0x10"], { string: ["_"] });
  assertEquals(_, ["5", "0x10"]);
});

Deno.test("nothing is parsed after the terminator", () => {
  table([
    [["a", "--", "-q", "5", "--"], { _: ["a", "-q", "5", "--"] }],
    [["--port=1", "--", "--port=2"], { ...port("1"), _: ["--port=2"] }],
  ]);
});

Deno.test("a no- prefix is part of the name, except before a value", () => {
  table([
    [["--no-quiet"], { "no-quiet": true }],
    [["--no-port", "5"], { "no-port": 5 }],
    [["--no-port=5"], port("5")],
    [["--no-"], { "no-": true }],
  ]);
});

Deno.test("odd spellings are flags as well", () => {
  table([
    [["--=x"], { "=x": true }],
    [["---x"], { "-x": true }],
    [["--é", "1"], { é: 1 }],
  ]);
});

Deno.test("dotted names nest", () => {
  table([[["--a.b=1", "--a.c", "x"], { a: { b: 1, c: "x" } }]]);
  assertThrows(() => parseArgs(["--a=1", "--a.b=2"]), TypeError);
});

Deno.test("prototypes cannot be reached", () => {
  for (
    const args of [
      ["--__proto__", "x"],
      ["--__proto__.x", "1"],
      ["--constructor", "x"],
      ["--constructor.prototype.x", "1"],
      ["--a.__proto__.x", "1"],
    ]
  ) {
    const { a: _, ...rest } = parseArgs(args);
    assertEquals(rest, { _: [] }, `args: ${args}`);
  }
  assertEquals(Reflect.get({}, "x"), undefined);
});

Deno.test("unknown is told of undeclared flags and positionals in order", () => {
  const calls: unknown[][] = [];
  const unknown = (...call: unknown[]) => {
    calls.push(call);
  };
  parseArgs(["--port=1", "--x=1", "y", "-qz", "--w", "-", "--", "v"], {
    ...FLAGS,
    unknown,
  });
  assertEquals(calls, [
    ["--x=1", "x", "1"],
    ["y"],
    ["-qz", "z", true],
    ["--w", "w", true],
    ["-"],
  ]);
});

Deno.test("what unknown answers false to is left out", () => {
  const unknown = (_arg: string, key?: string) => key === undefined;
  assertEquals(parseArgs(["--x", "1", "y", "-z"], { unknown }), { _: ["y"] });
  assertEquals(
    parseArgs(["y", "--x=1", "--", "z"], { unknown: () => false }),
    { _: ["z"] },
  );
});
