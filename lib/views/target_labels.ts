/**
 * The labels of a target, as its metrics have them.
 *
 * @module
 */

import { labelText } from "./exposition.ts";
import type { WatchedTarget } from "./watch.ts";

/** Keys that metrics have a meaning of their own for. */
const OWN_KEYS: readonly string[] = ["target", "name", "state", "direction", "le"];

/**
 * Writes a target's address as its list has it, its name, and its labels: `target="a:1",name="a"`.
 *
 * Keys are written as Prometheus wants them: `rackNo` becomes `rack_no`. A key that metrics use
 * themselves, or that two labels would share, gets `exported_` before it, as Prometheus does it.
 */
export function targetLabels({ name, target, labels }: WatchedTarget): string {
  const taken = new Set(OWN_KEYS);
  let text = labelText("target", target).slice(1) + labelText("name", name);
  for (const [listed, value] of Object.entries(labels)) {
    let key = snakeCase(listed);
    while (taken.has(key)) key = `exported_${key}`;
    taken.add(key);
    text += labelText(key, value);
  }
  return text;
}

function snakeCase(key: string): string {
  if (!/[a-z][A-Z]/.test(key)) return key;
  return key.replace(/([a-z])(?=[A-Z])/g, "$1_").toLowerCase();
}
