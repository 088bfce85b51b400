// What a running process has used, as Linux tells it in /proc.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** Milliseconds of a clock tick of /proc/PID/stat; USER_HZ is 100 wherever Linux runs today. */
const TICK = 10;

const read = (pid, name) => readFileSync(`/proc/${pid}/${name}`, "latin1");

/** What each thread has had of the CPU so far, and all that ever were together, to be compared by `cpuSince`. */
export function cpuOf(pid) {
  const threads = new Map();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      threads.set(thread, Number(read(pid, `task/${thread}/schedstat`).split(" ")[0]) / 1e6);
    } catch {
      // It has ended meanwhile, or this Linux does not count so finely.
    }
  }
  // The name in parentheses may hold spaces; utime and stime are the 14th and 15th field.
  const fields = read(pid, "stat").split(") ").at(-1).split(" ");
  return { pid, threads, ticks: Number(fields[11]) + Number(fields[12]) };
}

/**
 * CPU time of a process since then, in user mode and in the kernel: milliseconds. By its threads, since the sum that
 * counts those which ended is too coarse for what takes 50 ms; those that end have been idle for seconds.
 */
export function cpuSince(before) {
  const after = cpuOf(before.pid);
  let [total, time] = [0, 0];
  for (const [thread, now] of after.threads) {
    total += now;
    time += now - (before.threads.get(thread) ?? 0);
  }
  return total > 0 ? time : (after.ticks - before.ticks) * TICK;
}

/** Memory that is resident now, in KiB. */
export function memoryOf(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(pid, "status"))[1]);
}

/** How many files and connections it may have open; tries to raise that to what is needed. */
export function allowOpenFiles(pid, needed) {
  const limit = () => {
    const allowed = /^Max open files\s+(\S+)/m.exec(read(pid, "limits"))[1];
    return allowed === "unlimited" ? Infinity : Number(allowed);
  };
  if (limit() >= needed) return limit();
  try {
    execFileSync("prlimit", ["--pid", String(pid), `--nofile=${needed}:${needed}`], { stdio: "ignore" });
  } catch {
    // Not installed, or not allowed: the limit stays what it is.
  }
  return limit();
}

/** The child of this process that was started with a variable of this value. */
export function childWith(variable, value) {
  const children = read(process.pid, `task/${process.pid}/children`).trim().split(" ");
  const pid = children.find((child) => read(child, "environ").split("\0").includes(`${variable}=${value}`));
  if (!pid) throw new Error(`no child has ${variable}=${value}`);
  return Number(pid);
}
