/**
 * What another process has cost so far.
 *
 * @module
 */

const TICK_MS = 10;
const PAGE_MB = 4096 / 2 ** 20;

/**
 * Reads the processor time that a process has used in all its threads, milliseconds, and the memory that it
 * holds, MB. Linux only; by way of `cat`, as Deno lets nobody but the almighty read what stands in /proc.
 */
export async function processCost(pid: number): Promise<{ cpuMs: number; residentMb: number }> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/stat`], stderr: "null" })
    .output();
  // The name of the program, in brackets, may contain anything; proc(5) counts the fields from 1.
  const fields = new TextDecoder().decode(stdout).split(") ").at(-1)!.split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { cpuMs: (field(14) + field(15)) * TICK_MS, residentMb: field(24) * PAGE_MB };
}
