/**
 * The project's documents, for tests that hold them to the code.
 *
 * @module
 */

/** The root of the project. */
export const ROOT = new URL("../../", import.meta.url);

/** Whether the documents may be read; tests of them are ignored where they may not. */
export const canRead: boolean =
  Deno.permissions.querySync({ name: "read", path: ROOT }).state === "granted";

/** A document. */
export interface Doc {
  /** Its path from the root. */
  readonly path: string;
  /** All of it. */
  readonly text: string;
  /** Its text without blocks of code. */
  readonly prose: string;
}

/** All documents of the project. */
export function docs(folder = ""): Doc[] {
  const found: Doc[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder || ".", ROOT))) {
    const path = `${folder}${name}`;
    if (isDirectory && !["node_modules", ".git", "cov"].includes(name)) {
      found.push(...docs(`${path}/`));
    } else if (name.endsWith(".md")) {
      const text = Deno.readTextFileSync(new URL(path, ROOT));
      found.push({ path, text, prose: text.replace(BLOCK, "") });
    }
  }
  return found;
}

const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** A document, by its path from the root. */
export function doc(path: string): Doc {
  return docs().find((one) => one.path === path)!;
}

/** The code in a document: each line of a shell's block, without comment, and each inline span. */
export function codeOf({ text, prose }: Doc): string[] {
  const blocks = [...text.matchAll(BLOCK)].filter(([, language]) => language === "sh");
  const lines = blocks.flatMap(([, , block]) => block!.split("\n"));
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, span]) => span!.replace(/\s+/g, " "));
  return [...lines.map((line) => line.replace(/(^|\s)#.*/, "").trim()), ...spans];
}

/** A heading and what stands below it, up to the next heading. */
export interface Section {
  /** How many # stand before it. */
  readonly level: number;
  /** The heading's text. */
  readonly title: string;
  /** Its name in links, as GitHub makes it. */
  readonly anchor: string;
  /** What stands below it. */
  readonly body: string;
}

/** The sections of a document, in their order. */
export function sectionsOf({ prose }: Doc): Section[] {
  const seen = new Map<string, number>();
  const parts = prose.split(/^(?=#+ )/m).filter((part) => part.startsWith("#"));
  return parts.map((part) => {
    const [, marks, title] = /^(#+) (.*)/.exec(part)!;
    const slug = title!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replace(/ /g, "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return {
      level: marks!.length,
      title: title!,
      anchor: times === 0 ? slug : `${slug}-${times}`,
      body: part.slice(part.indexOf("\n")),
    };
  });
}

/** Whether a file or a folder exists, by its path from the root. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch {
    return false;
  }
}

/** The path from the root of something that a document names relative to itself. */
export function pathFrom({ path }: Doc, relative: string): string {
  return new URL(relative, new URL(path, ROOT)).href.slice(ROOT.href.length);
}
