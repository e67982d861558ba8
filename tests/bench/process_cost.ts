/**
 * What another process has cost so far.
 *
 * @module
 */

const PAGE_MB = 4096 / 2 ** 20;

/**
 * Reads the processor time that a process has used in all its threads, milliseconds, and the memory
 * that it holds, MB. Linux only; by way of `cat`, as Deno lets nobody but the almighty read what
 * stands in /proc.
 *
 * The time is the scheduler's, in nanoseconds: that of /proc/PID/stat comes in steps of 10 ms, a
 * tenth of a round. A thread that has ended takes its time with it, which the median forgives.
 */
export async function processCost(pid: number): Promise<{ cpuMs: number; residentMb: number }> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `cat /proc/${pid}/stat /proc/${pid}/task/*/schedstat`],
    stderr: "null",
  }).output();
  const [stat, ...threads] = new TextDecoder().decode(stdout).trim().split("\n");
  const cpuNs = threads.reduce((sum, thread) => sum + Number(thread.split(" ")[0]), 0);
  // The name of the program, in brackets, may contain anything; proc(5) counts the fields from 1.
  const residentPages = Number(stat!.split(") ").at(-1)!.split(" ")[24 - 3]);
  return { cpuMs: cpuNs / 1e6, residentMb: residentPages * PAGE_MB };
}
