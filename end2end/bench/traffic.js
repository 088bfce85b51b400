// A desk at full speed: loads that go to and fro between two lanes, by several persons at once, so many moves a second.

import { fitCarrier, newLoad } from "../harness/trade.js";

const STEPS = ["PENDING", "TENDERED", "ACCEPTED", "DISPATCHED"];
const TO_AND_FRO = ["DISPATCHED", "AT_PICKUP"];

/** Books so many loads that may go to and fro, with their stops as `restop` has them. */
export async function movable(person, count, restop = (stops) => stops) {
  const carrierId = await fitCarrier(person);
  const book = async () => {
    const { stops, ...rest } = await newLoad(person, { carrierId });
    const { json } = await person.post("/loads", { ...rest, stops: restop(stops) });
    let load = json.data;
    for (const status of STEPS) {
      const answer = await person.patch(`/loads/${load.id}/status`, { status, version: load.version });
      if (answer.status !== 200) throw new Error(answer.text);
      load = answer.json.data;
    }
    return { id: load.id, loadNumber: load.loadNumber, version: load.version, status: load.status };
  };
  const loads = [];
  while (loads.length < count) {
    loads.push(...(await Promise.all(Array.from({ length: Math.min(8, count - loads.length) }, book))));
  }
  return loads;
}

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
