/** Holds the documents to the code: their form, links, paths, flags, commands and figures. */

import { assert, assertEquals } from "@std/assert";
import { CLIENT_FLAGS } from "../lib/cli/client_flags.ts";
import { readClientOptions } from "../lib/cli/client_options.ts";
import type { FlagTable } from "../lib/cli/flags.ts";
import { readServerOptions, SERVER_FLAGS } from "../lib/cli/server_options.ts";
import {
  CLOCK_TRIAL,
  clockAccuracy,
  COUNT_TRIAL,
  countAccuracy,
} from "../lib/simulation/accuracy.ts";
import { detectionDelays, falseAlarms } from "../lib/simulation/detection.ts";
import { lossCoverage } from "../lib/simulation/loss_coverage.ts";
import {
  canRead,
  codeOf,
  doc,
  docs,
  exists,
  pathFrom,
  ROOT,
  sectionsOf,
} from "./support/documents.ts";

const ignore = !canRead;

const MAX_COLUMNS = 100;
const MAX_README_LINES = 120;

/** Flags of `systemctl`, `cp` and `prometheus` that the documents name. */
const SYSTEM_FLAGS = ["now", "config", "storage", "backup"];

/** Flags of `deno` itself that the documents name. */
const DENO_FLAGS = [
  "allow-env",
  "allow-ffi",
  "allow-net",
  "allow-read",
  "allow-run",
  "unstable-net",
  "v8-flags",
  "max-semi-space-size",
];

Deno.test({
  name: "documents can be read raw: no line is longer than 100 columns, and the README is short",
  ignore,
  fn() {
    assert(docs().length >= 10, "the documents were not found");
    for (const { path, text } of docs()) {
      for (const [i, line] of text.split("\n").entries()) {
        const columns = [...line].length;
        assert(columns <= MAX_COLUMNS, `${path}:${i + 1} has ${columns} columns`);
      }
    }
    const lines = doc("README.md").text.trimEnd().split("\n").length;
    assert(lines <= MAX_README_LINES, `README.md has ${lines} lines`);
  },
});

Deno.test({
  name: "links in documents lead to files that exist, and to headings in them",
  ignore,
  fn() {
    let checked = 0;
    for (const one of docs()) {
      for (const [, target] of one.prose.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target!)) continue;
        const [file, anchor] = target!.split("#");
        const path = file === "" ? one.path : pathFrom(one, file!);
        assert(exists(path), `${one.path} links to ${target}, which doesn't exist`);
        if (anchor !== undefined) {
          const anchors = sectionsOf(doc(path)).map((section) => section.anchor);
          assert(
            anchors.includes(anchor),
            `${one.path} links to ${target}, and has no such heading`,
          );
        }
        checked++;
      }
    }
    assert(checked > 20, "the links were not found");
  },
});

Deno.test({
  name: "files and folders that documents name exist",
  ignore,
  fn() {
    const missing: string[] = [];
    let checked = 0;
    for (const one of docs()) {
      for (const [, span] of one.prose.matchAll(/`([^`\s]+)`/g)) {
        const isFile = /^\.?[\w/.-]+\.(?:ts|md|json|py|mjs|sh)$/.test(span!);
        if (!isFile && !/^\.?[\w/.-]+\/$/.test(span!)) continue;
        if (!exists(span!) && !exists(pathFrom(one, span!))) missing.push(`${one.path}: ${span}`);
        checked++;
      }
    }
    assert(checked > 60, "the paths were not found");
    assertEquals(missing, []);
  },
});

Deno.test({
  name: "each test that SECURITY.md names is there, in the file that it names",
  ignore,
  fn() {
    const [, held] = doc(".github/SECURITY.md").text.split(/^## (?=Which test|Reporting)/m);
    let file = "";
    let checked = 0;
    for (const [, path, name] of held!.matchAll(/`(tests\/[\w/]+\.ts)`|"([^"]{12,})"/g)) {
      if (path !== undefined) {
        file = Deno.readTextFileSync(new URL(path, ROOT));
        continue;
      }
      const test = name!.replaceAll(/\s+/g, " ");
      assert(file.includes(`"${test}"`), `SECURITY.md names "${test}", which isn't there`);
      checked++;
    }
    assert(checked > 25, `only ${checked} tests were found`);
  },
});

Deno.test({
  name: "the tree in lib/README.md has just the folders of lib",
  ignore,
  fn() {
    const named = [...doc("lib/README.md").text.matchAll(/^ {2}(\w+)\/ /gm)].map(([, name]) =>
      name!
    );
    const folders = [...Deno.readDirSync(new URL("lib/", ROOT))].filter((entry) =>
      entry.isDirectory
    );
    assertEquals(named.toSorted(), folders.map(({ name }) => name).toSorted());
  },
});

/** The flags of a task, by its command in `deno.json`: a script's, or those in its source. */
function taskFlags(command: string): string[] {
  const path = /[\w/]+\.ts\b/.exec(command)?.[0];
  if (path === "server.ts") return Object.keys(SERVER_FLAGS);
  if (path === "client.ts") return Object.keys(CLIENT_FLAGS);
  if (path?.endsWith("demo.ts")) return Object.keys({ ...SERVER_FLAGS, ...CLIENT_FLAGS });
  // It hands permissions on to "deno install".
  if (path?.endsWith("install.ts")) return DENO_FLAGS;
  if (path === undefined || !exists(path)) return [];
  // It has a second table of flags, for "bench targets".
  const paths = path.endsWith("/bench.ts") ? [path, "tests/bench/targets.ts"] : [path];
  const source = paths.map((one) => Deno.readTextFileSync(new URL(one, ROOT))).join("\n");
  const tables = source.matchAll(
    /^(?:export )?const (?:TARGETS_)?FLAGS\b[^=]*= \{\n([\s\S]*?)^\}/gm,
  );
  return [...tables].flatMap(([, table]) =>
    [...table!.matchAll(/^ {2}"?([a-z][\w-]*)"?: /gm)].map(([, name]) => name!)
  );
}

function tasks(): Record<string, { readonly command: string }> {
  return JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT))).tasks;
}

function flagsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])--([a-z][\w-]*)/g)].map(([, name]) => name!);
}

Deno.test({
  name: "every flag in the documents exists, with its letter, its value's name and its default",
  ignore,
  fn() {
    const known = new Set([
      ...DENO_FLAGS,
      ...SYSTEM_FLAGS,
      ...Object.keys({ ...CLIENT_FLAGS, ...SERVER_FLAGS }),
      ...Object.values(tasks()).flatMap(({ command }) => taskFlags(command)),
    ]);
    const all: FlagTable = { ...CLIENT_FLAGS, ...SERVER_FLAGS };
    let described = 0;
    for (const { path, text, prose } of docs()) {
      for (const name of flagsIn(text)) assert(known.has(name), `${path}: there is no --${name}`);
      for (
        const [, letter, name, metavar] of prose.matchAll(/`(?:-(\w), )?--([\w-]+)(?: ([A-Z]+))?`/g)
      ) {
        const flag = all[name!];
        if (flag === undefined) continue;
        if (letter !== undefined) {
          assertEquals(letter, flag.short, `${path}: the letter of --${name}`);
        }
        if (metavar !== undefined) {
          assertEquals(
            metavar,
            "quantity" in flag ? flag.metavar : undefined,
            `${path}: --${name}`,
          );
        }
        described++;
      }
      for (
        const [, name, item] of prose.matchAll(
          /^- `(?:-\w, )?--([\w-]+)[^`]*`((?:.*\n)(?: {2}.*\n)*)/gm,
        )
      ) {
        const given = /(?:^|\s)(\S+)\s+by\s+default/.exec(item!)?.[1];
        if (given === undefined || all[name!] === undefined) continue;
        const { help } = all[name!]!;
        assert(help.includes(`default ${given})`), `${path}: --${name} is ${given} by default?`);
      }
    }
    assert(described > 40, "the flags were not found");
  },
});

Deno.test({
  name: "every flag of the two programs is described in some document",
  ignore,
  fn() {
    const named = new Set(docs().flatMap(({ text }) => flagsIn(text)));
    const letters = new Set(
      docs().flatMap(({ prose }) => [...prose.matchAll(/`-(\w)\b/g)].map((m) => m[1])),
    );
    const tables: FlagTable[] = [CLIENT_FLAGS, SERVER_FLAGS];
    for (const [name, { short }] of tables.flatMap((table) => Object.entries(table))) {
      assert(named.has(name) || letters.has(short), `no document says what --${name} does`);
    }
  },
});

Deno.test({
  name: "the environment of hooks stands in lib/detect/README.md as they get it",
  ignore,
  fn() {
    const names = (text: string) => [...new Set(text.match(/\bHEARTBEAT_[A-Z_]+/g))].toSorted();
    const source = Deno.readTextFileSync(new URL("lib/runtime/hooks.ts", ROOT));
    assert(names(source).length > 5, "the names were not found");
    assertEquals(names(doc("lib/detect/README.md").text), names(source));
  },
});

Deno.test({
  name: "commands in the documents are accepted by the programs that they start",
  ignore,
  fn() {
    let checked = 0;
    const versions = new Set<string>();
    for (const one of docs()) {
      for (const code of codeOf(one)) {
        for (const [, version] of code.matchAll(/\bdeno@([\d.]+)/g)) versions.add(version!);
        const words = code.split(/\s+/).filter((word) => word !== '"$@"');
        const script = words.findIndex((word) => /(?:^|\/)(?:server|client)\.ts$/.test(word));
        const task = /\bdeno(?:@\S+)? task (\w+)/.exec(code)?.[1];
        if (task !== undefined) {
          const command = tasks()[task]?.command;
          assert(command !== undefined, `${one.path}: there is no task ${task}`);
          for (const name of flagsIn(code)) {
            assert(taskFlags(command).includes(name), `${one.path}: ${code}: no flag --${name}`);
          }
        } else if (script >= 0 && (words.length > 1 || words.includes("deno"))) {
          const pipe = words.indexOf("|");
          const args = words.slice(script + 1, pipe < 0 ? undefined : pipe);
          const read = words[script]!.endsWith("server.ts") ? readServerOptions : readClientOptions;
          try {
            read(args);
          } catch (error) {
            throw new Error(`${one.path}: ${code}`, { cause: error });
          }
        } else {
          continue;
        }
        checked++;
      }
    }
    assert(checked > 25, "the commands were not found");
    assertEquals(versions.size, 1, "all commands name one version of Deno");
    const [version] = versions;
    const { text } = doc("README.md");
    for (const task of ["demo", "test"]) {
      const command = `npx -y deno@${version} task ${task}`;
      assert(text.includes(`\n${command} `), `README.md lacks the command ${command}`);
    }
  },
});

Deno.test({
  name: "lib/detect/README.md quotes what `deno task simulate` prints",
  ignore,
  fn() {
    // Others take longer, and come from the same run of the task.
    const slow = { loss: { share: 0.3, meanBurst: undefined }, intervalMs: 1000, timeoutMs: 1000 };
    const fast = { loss: { share: 0.2, meanBurst: 40 }, intervalMs: 10, timeoutMs: 200 };
    for (const [trial, heartbeats, stops] of [[slow, 400_000, 2000], [fast, 50_000, 25]] as const) {
      const rule = { maxLosses: 3 };
      const { alarms, heartbeats: sent } = falseAlarms(rule, { seed: 1, ...trial }, heartbeats);
      const { delaysMs } = detectionDelays(rule, { seed: 1, ...trial }, stops);
      const meanMs = delaysMs.reduce((sum, ms) => sum + ms, 0) / delaysMs.length;
      const line = `- \`--max-losses 3\`: ${(alarms / sent * 10_000).toFixed(2)} false alarms in ` +
        `10,000 heartbeats, a stop is noticed in ${(meanMs / 1000).toFixed(2)} s`;
      assert(unwrapped("lib/detect/README.md").includes(line), line);
    }
  },
});

Deno.test({
  name: "lib/measure/README.md quotes what `deno task accuracy` prints",
  ignore,
  fn() {
    const text = unwrapped("lib/measure/README.md");
    const { offsetRmsMs, driftErrorPpm, outside, runs } = clockAccuracy(CLOCK_TRIAL, 200);
    const clock = `- 10/10 ms, drift 50 ppm: offset RMS ${offsetRmsMs.toFixed(4)} ms, ` +
      `drift error ${driftErrorPpm.toFixed(3)} ppm, outside ${outside} of ${runs}`;
    assert(text.includes(clock), clock);
    const bursts = { share: 0.05, meanBurst: 3 };
    const [short, long] = [lossCoverage(bursts, 1000, 2000), lossCoverage(bursts, 3000, 2000)];
    const percents = [short.covered, long.covered, long.ifIndependent]
      .map((share) => `${(share * 100).toFixed(1)}%`);
    const loss = `- 5% lost in bursts of 3: ${percents.join(", ")}`;
    assert(text.includes(loss), loss);
    const { summary, ...truth } = countAccuracy(COUNT_TRIAL);
    for (
      const line of [
        `- lost: ${summary.lost}, ${truth.lost}\n`,
        `- duplicates: ${summary.duplicates}, ${truth.duplicates}\n`,
        `- reordered: ${summary.reordering.reordered}, ${truth.reordered}\n`,
        `- lost on the way out: ${summary.direction?.forward}, ${truth.forward}\n`,
        `- lost on the way back: ${summary.direction?.backward}, ${truth.backward}\n`,
      ]
    ) assert(text.includes(line), line);
  },
});

/** The text of a document with each item of a list in one line. */
function unwrapped(path: string): string {
  return doc(path).text.replace(/\n +(?!- )/g, " ");
}
