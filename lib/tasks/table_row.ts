/** Rows of the tables that tasks print. */

/**
 * Returns a function that writes a row: its name on the left, its cells in right-aligned columns.
 *
 * @param nameWidth width of the first column, characters
 * @param cellWidth width of every other column, characters
 */
export function tableRow(
  nameWidth: number,
  cellWidth: number,
): (name: string, ...cells: readonly string[]) => string {
  return (name, ...cells) =>
    name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(cellWidth)).join("");
}
