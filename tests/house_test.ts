/** The rules of the house, checked on its sources. */

import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const canRead = Deno.permissions.querySync({ name: "read", path: ROOT }).state === "granted";

const canTrack = hasTrackedFiles();

/** Folders by height: a module imports from its own height or below, never from above. */
const HEIGHTS: readonly (readonly string[])[] = [
  ["lib/wire", "lib/impairment", "lib/measure", "lib/text", "lib/tables"],
  ["lib/admission", "lib/machine", "lib/detect"],
  ["lib/monitor", "lib/responder"],
  ["lib/fleet"],
  ["lib/report", "lib/simulation"],
  ["lib/views"],
  ["lib/cli", "lib/native"],
  ["lib/runtime"],
  ["server.ts", "client.ts"],
  ["lib/tasks"],
];
const EFFECTFUL = ["lib/native", "lib/runtime", "lib/tasks", "lib/std"];

// Written so that this very list doesn't trip over itself when it is read as a source.
const EFFECTS: readonly RegExp[] = [
  /\bDeno\b/,
  /\b(?:async|await)\b/,
  /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)/,
  /\bperformance\b|\bTemporal\b/,
  /\bMath\.random\b|\bcrypto\b/,
  /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)\b/,
  // Headers such as sec-fetch-site are none.
  /(?<!-)\b(?:fetch|console|process|globalThis|Worker|Promise)\b(?!-)/,
  /\bimport\(|\bnode:|\bnpm:|\bjsr:/,
];

const SCRIPTS: readonly string[] = ["server.ts", "client.ts"];

/** The user's design card, and the files that tools look for. */
const TOP_LEVEL: readonly string[] = [
  "deno.json",
  "deno.lock",
  "server.ts",
  "client.ts",
  "lib",
  "tests",
  "README.md",
  "LICENSE",
  ".gitignore",
  ".github",
  ".ci",
];

interface Source {
  readonly path: string;
  readonly code: string;
}

function sources(folder: string): Source[] {
  const found: Source[] = [];
  for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) found.push(...sources(`${path}/`));
    else if (path.endsWith(".ts")) {
      found.push({ path, code: withoutComments(Deno.readTextFileSync(new URL(path, ROOT))) });
    }
  }
  return found;
}

/** The paths of all tracked files in a folder and below it; an empty folder: of all. */
function tracked(folder = ""): string[] {
  const paths = new TextDecoder().decode(git("ls-files", "-z").stdout).split("\0");
  return paths.filter((path) => path !== "" && path.startsWith(folder));
}

function git(...args: string[]): Deno.CommandOutput {
  return new Deno.Command("git", { args, cwd: ROOT, stderr: "null" }).outputSync();
}

function hasTrackedFiles(): boolean {
  if (Deno.permissions.querySync({ name: "run", command: "git" }).state !== "granted") return false;
  try {
    return git("ls-files", "--error-unmatch", "deno.json").success;
  } catch {
    return false;
  }
}

/**
 * Blanks comments, so that prose may speak of clocks; the code of this project has no "//" in
 * strings.
 */
function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

function folderOf(path: string): string {
  return path.startsWith("lib/") ? path.split("/").slice(0, 2).join("/") : path;
}

function imports({ path, code }: Source): string[] {
  return [...code.matchAll(/\bfrom "(\.[^"]+)"|\bimport ?\(?"(\.[^"]+)"/g)].map(([, from, bare]) =>
    new URL(from ?? bare!, new URL(path, ROOT)).href.slice(ROOT.href.length)
  );
}

Deno.test({
  name: "the core is pure: it never waits, reads a clock, draws luck or touches the system",
  ignore: !canRead,
  fn() {
    const core = sources("lib/").filter(({ path }) => !EFFECTFUL.includes(folderOf(path)));
    assert(core.length > 20, "the core was not found");
    for (const { path, code } of core) {
      for (const effect of EFFECTS) {
        assertEquals(effect.exec(code)?.[0], undefined, `${path} has an effect`);
      }
    }
  },
});

Deno.test({
  name:
    "imports point one way: from the scripts down to the leaves, which know nothing of each other",
  ignore: !canRead,
  fn() {
    const modules = [...sources("lib/"), ...sources("./").map(trimmed).filter(isScript)];
    const height = (folder: string) => HEIGHTS.findIndex((folders) => folders.includes(folder));
    let checked = 0;
    for (const module of modules) {
      const from = folderOf(module.path);
      if (from === "lib/std") continue;
      assert(height(from) >= 0, `${module.path} is in a folder that HEIGHTS doesn't know`);
      for (const imported of imports(module)) {
        const to = folderOf(imported);
        if (from === to || imported === "deno.json") continue;
        assert(height(to) < height(from), `${module.path} must not import ${imported}`);
        checked++;
      }
    }
    assert(checked > 40, "the imports were not found");
  },
});

Deno.test({
  name:
    "what the scripts load imports nothing but this project; what else they need is loaded when it is asked for",
  ignore: !canRead,
  fn() {
    for (const { path, code: whole } of reachable(({ code }) => code)) {
      // Types are gone when it runs.
      const code = withoutTypeImports(whole);
      const foreign = /\b(?:from|import) "(?:node|npm|jsr|https?):[^"]*"/.exec(code);
      assertEquals(foreign?.[0], undefined, `${path} makes every start wait`);
    }
  },
});

Deno.test({
  name: "a plain run loads no page, no metrics, no panel and no HTTP",
  ignore: !canRead,
  fn() {
    // Neither types nor what is imported by a call are loaded at the start.
    const loaded = reachable(({ code }) =>
      withoutTypeImports(code).replace(/\bimport\([^)]*\)/g, "")
    ).map(({ path }) => path);
    const others = new RegExp([
      "^lib/(views|fleet/fleet)",
      "^lib/runtime/(http_|panel|live|watch_now|in_turns|\\w+_site)",
      "^lib/monitor/(vitals|shown_figures)",
      "^lib/measure/(slot_history|path_history|bucket_counts)",
    ].join("|"));
    // The reading of HOST:PORT is shared with lists.
    assertEquals(loaded.filter((path) => others.test(path)), []);
  },
});

Deno.test({
  name: "the top level has the card's names and no others",
  // A key or an editor's folder may lie there if git doesn't track it.
  ignore: !canTrack,
  fn() {
    const names = new Set(tracked().map((path) => path.split("/")[0]!));
    assertEquals([...names].sort(), TOP_LEVEL.toSorted());
  },
});

Deno.test({
  name: "below, files are of known kinds: no logs, no profiles, no captures",
  ignore: !canTrack,
  fn() {
    const kinds: Readonly<Record<string, RegExp>> = {
      "lib/": /^(README\.md|deno\.json|\w+\.ts|[\w@-]+\.(service|yml)|heartbeat-dashboard\.json)$/,
      "tests/": /^(README\.md|deno\.(json|lock)|\w+\.(ts|py|mjs|sh|c)|\w*key\.txt)$/,
      ".github/": /^SECURITY\.md$/,
      ".ci/": /^run$/,
    };
    for (const [folder, kind] of Object.entries(kinds)) {
      const found = tracked(folder);
      assert(found.length > 0, `${folder} was not found`);
      assertEquals(found.filter((path) => !kind.test(path.split("/").at(-1)!)), []);
    }
  },
});

Deno.test({
  name: "deno.json and its lock name no package but the three of @std: Deno fetches all of them",
  ignore: !canRead,
  fn() {
    const packages = ["@std/assert", "@std/cli", "@std/fmt"];
    const { imports, links } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
    assertEquals(Object.keys(imports), packages);
    assertEquals(links, packages.map((name) => name.replace("@", "lib/")));
    const lock = Deno.readTextFileSync(new URL("deno.lock", ROOT));
    const specifiers = [...lock.matchAll(/"((?:jsr|npm):[^"]*)"/g)].map(([, name]) => name!);
    assert(specifiers.length > 0, "the lock file names no package");
    for (const name of specifiers) assert(/^jsr:@std\/(assert|cli|fmt)@[\d.]+$/.test(name), name);
  },
});

Deno.test({
  name: "modules are small: 300 lines of 100 columns at most, and the scripts 89 lines",
  ignore: !canRead,
  fn() {
    const paths = [...sources("lib/").map(({ path }) => path), ...SCRIPTS];
    for (const path of paths) {
      const lines = Deno.readTextFileSync(new URL(path, ROOT)).trimEnd().split("\n");
      const most = SCRIPTS.includes(path) ? 89 : 300;
      assert(lines.length <= most, `${path} has ${lines.length} lines`);
      const wide = lines.findIndex((line) => line.length > 100);
      assertEquals(wide, -1, `${path}:${wide + 1} is wider than 100 columns`);
    }
  },
});

Deno.test({
  name: "the product knows nothing of its tests, and the monitor nothing of the responder",
  ignore: !canRead,
  fn() {
    const apart: readonly (readonly [from: string, to: string])[] = [
      ["lib/", "tests/"],
      ["lib/monitor/", "lib/responder/"],
      ["lib/responder/", "lib/monitor/"],
    ];
    for (const [from, to] of apart) {
      for (const module of sources(from)) {
        assertEquals(imports(module).filter((path) => path.startsWith(to)), [], module.path);
      }
    }
  },
});

Deno.test({
  name: "codes are compared by crypto's own timingSafeEqual, and nowhere else",
  ignore: !canRead,
  fn() {
    const code = Deno.readTextFileSync(new URL("lib/runtime/key.ts", ROOT));
    assert(/same: \(a, b\) => a\.length === b\.length && timingSafeEqual\(a, b\)/.test(code));
    const seal = Deno.readTextFileSync(new URL("lib/wire/seal.ts", ROOT));
    assert(/seal\.same\(mac, seal\.mac\(/.test(seal));
  },
});

/** Finds what the scripts import, and what that imports, by the code of each that counts. */
function reachable(codeOf: (module: Source) => string): Source[] {
  const modules = new Map([...sources("lib/"), ...sources("./").map(trimmed).filter(isScript)]
    .map((module) => [module.path, module]));
  const found = new Set(["server.ts", "client.ts"]);
  // A set goes on to what is added while it is gone through.
  for (const path of found) {
    for (const imported of imports({ path, code: codeOf(modules.get(path)!) })) {
      if (imported !== "deno.json") found.add(imported);
    }
  }
  assert(found.size > 60, `only ${found.size} modules were found`);
  return [...found].map((path) => modules.get(path)!);
}

function withoutTypeImports(code: string): string {
  return code.replace(/^import type [^;]*;/gm, "");
}

function trimmed({ path, code }: Source): Source {
  return { path: path.replace(/^\.\//, ""), code };
}

function isScript({ path }: Source): boolean {
  return path === "server.ts" || path === "client.ts";
}
