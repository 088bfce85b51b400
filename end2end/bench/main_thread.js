// What a page's main thread did for a while, by the browser's own trace.

/** Traces the page while `during` runs. */
export async function traced(browser, page, during) {
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  const began = performance.now();
  const value = await during();
  const wall = performance.now() - began;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString("utf8"));
  return { value, wall, ...mainThread(traceEvents) };
}

function mainThread(events) {
  // The thread of the page: of all renderers' main threads the one that worked most.
  const mains = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const whole = events.filter(({ ph, dur }) => ph === "X" && dur > 0);
  const of = (thread) => whole.filter(({ pid, tid }) => pid === thread.pid && tid === thread.tid);
  const [mine] = mains.map(of).toSorted((a, b) => busy(b) - busy(a));
  const tasks = mine.filter(isTask).toSorted((a, b) => worked(b) - worked(a));
  const within = (task) => mine.filter((one) => one !== task && one.ts >= task.ts && one.ts + one.dur <= task.ts + task.dur);
  const longest = within(tasks[0]).filter(({ cat }) => cat.includes("devtools.timeline"));
  return {
    // Each with how long it took, and how long the processor worked on it: a machine that is shared lets tasks wait.
    tasks: tasks.map((task) => ({ took: task.dur / 1_000, worked: worked(task) / 1_000 })),
    busy: busy(mine),
    longest: sums(longest),
  };
}

/** What took the most time, by name. What is within another counts in both. */
function sums(events) {
  const sums = new Map();
  for (const event of events) sums.set(event.name, (sums.get(event.name) ?? 0) + worked(event) / 1_000);
  return [...sums].toSorted(([, a], [, b]) => b - a).slice(0, 5);
}

const isTask = ({ name }) => name === "RunTask";
const worked = ({ dur, tdur }) => tdur ?? dur;
const busy = (events) => events.filter(isTask).reduce((sum, task) => sum + worked(task), 0) / 1_000;
