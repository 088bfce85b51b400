// A desk at full speed: loads that go to and fro between two lanes, by several persons at once, so many moves a second.

const TO_AND_FRO = ["DISPATCHED", "AT_PICKUP"];

/** Moves loads until `stop()`, which gives the number of moves that were made. `rate`: moves a second at most. */
export function traffic(persons, loads, rate, { workers = 24 } = {}) {
  const free = [...loads];
  let stopped = false;
  let made = 0;
  let due = performance.now();
  async function work(person) {
    while (!stopped) {
      const wait = due - performance.now();
      due = Math.max(due, performance.now() - 100) + 1_000 / rate;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const load = free.shift();
      const status = TO_AND_FRO.find((one) => one !== load.status);
      const answer = await person.patch(`/loads/${load.id}/status`, { status, version: load.version, reason: "Traffic." });
      if (answer.status !== 200) throw new Error(`a move was refused: ${answer.text}`);
      Object.assign(load, { status, version: answer.json.data.version });
      free.push(load);
      made += 1;
    }
  }
  const all = Promise.all(Array.from({ length: workers }, (_, index) => work(persons[index % persons.length])));
  all.catch(() => {});
  return {
    async stop() {
      stopped = true;
      await all;
      return made;
    },
  };
}
