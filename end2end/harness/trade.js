// Loads for tests: booked and stepped through the API, so that no test depends on another's.

import assert from "node:assert/strict";

/** The statuses in the order in which they are worked. */
export const STATUSES = [
  "PLANNING", "PENDING", "TENDERED", "ACCEPTED", "DISPATCHED", "AT_PICKUP", "PICKED_UP", "IN_TRANSIT", "AT_DELIVERY",
  "DELIVERED", "COMPLETED",
];

const HOUR = 3_600_000;

/** What a load between two facilities of the person's tenant needs to be booked. */
export async function newLoad(client, fields = {}) {
  const [pickup, delivery] = await facilities(client);
  const at = (hours) => new Date(Date.now() + hours * HOUR).toISOString();
  return {
    customer: "Prairie Foods",
    equipment: "reefer",
    commodity: "Frozen peas",
    weightLbs: 40_000,
    stops: [
      { kind: "pickup", facilityId: pickup, window: { kind: "FCFS", start: at(4), end: at(8) } },
      { kind: "delivery", facilityId: delivery, window: { kind: "fixed", start: at(30), end: at(31) } },
    ],
    ...fields,
  };
}

/** Books a load; it is in `PLANNING`. */
export async function book(client, fields) {
  const answer = await client.post("/loads", await newLoad(client, fields));
  assert.equal(answer.status, 201, answer.text);
  return answer.json.data;
}

/** Books a load with a carrier and takes it forward to a status. */
export async function bookAt(client, status, fields = {}) {
  const carrierId = fields.carrierId ?? (await fitCarrier(client));
  let load = await book(client, { ...fields, carrierId });
  for (const next of STATUSES.slice(1, STATUSES.indexOf(status) + 1)) load = await step(client, load, next);
  return load;
}

/** Takes a step that must succeed; gives the card as it is then. */
export async function step(client, load, status, reason) {
  const answer = await tryStep(client, load, status, reason);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.data;
}

/** Asks for a step. */
export function tryStep(client, load, status, reason) {
  return client.patch(`/loads/${load.id}/status`, { status, version: load.version, reason });
}

/** Every load that a person sees, page by page. */
export async function allLoads(client, limit = 100) {
  const loads = [];
  for (let cursor = ""; cursor !== null; ) {
    const { status, json, text } = await client.get(`/loads?limit=${limit}${cursor && `&cursor=${cursor}`}`);
    assert.equal(status, 200, text);
    loads.push(...json.data);
    cursor = json.page.next;
  }
  return loads;
}

const known = new WeakMap();

/** What is looked up once for each person. */
function remembered(client, name, find) {
  if (!known.has(client)) known.set(client, new Map());
  const facts = known.get(client);
  if (!facts.has(name)) facts.set(name, find());
  return facts.get(name);
}

/** Two facilities of the person's tenant. */
export function facilities(client) {
  return remembered(client, "facilities", async () => {
    const { data } = (await client.get("/loads?limit=1")).json;
    const { stops } = await client.data(`/loads/${data[0].id}`);
    return [stops[0].facilityId, stops.at(-1).facilityId];
  });
}

/** A carrier of the person's tenant that may be given loads, and is not `except`. */
export function fitCarrier(client, except) {
  return remembered(client, `carrier but ${except}`, async () => {
    const carriers = new Set((await allLoads(client)).flatMap(({ carrier }) => carrier?.id ?? []));
    carriers.delete(except);
    for (const carrierId of carriers) {
      const { status, json } = await client.post("/loads", await newLoad(client, { carrierId }));
      if (status !== 201) continue;
      await client.delete(`/loads/${json.data.id}?version=${json.data.version}`);
      return carrierId;
    }
    throw new Error("no carrier of the tenant may be given a load");
  });
}
