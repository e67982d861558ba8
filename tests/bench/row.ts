/** The layout of the benchmark's tables. */

import { tableRow } from "../../lib/tasks/table_row.ts";

/** A row: a name, and figures under each other. */
export const row: (name: string, ...cells: readonly string[]) => string = tableRow(38, 10);
