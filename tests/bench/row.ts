/** A row of the benchmark's tables: a name, and figures under each other. */
export function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(38) + cells.map((cell) => cell.padStart(10)).join("");
}
