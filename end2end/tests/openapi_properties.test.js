// What the description of the API allows is taken, what it forbids is not, and every answer is one that it names.
// Bodies and queries are made from the description itself, from a seed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client, as, logIn } from "../harness/client.js";
import { SEED, shown } from "../harness/fuzz.js";
import { Description } from "../harness/openapi.js";
import { SchemaValues } from "../harness/schema_values.js";
import { serverForThisFile } from "../harness/server.js";
import { allLoads, facilities } from "../harness/trade.js";

const server = await serverForThisFile({ loads: 30 });
const [admin, sarah, carlos] = await Promise.all(["admin", "sarah", "carlos"].map((who) => as(server, who)));
const { json: document } = await admin.get("/openapi.json");
const description = new Description(document);
const ROUNDS = 24;
const AT_ONCE = 6;
/** Checking a password takes long, on purpose. */
const SLOW = ["/auth/login", "/auth/password", "/users", "/users/{id}/password"];

/** Rules between several values, or between a value and the clock, which no schema of one value can say. */
const BETWEEN_VALUES = {
  stops: "the first is a pickup, the last a delivery, and windows follow one another",
  finance: "one currency for both amounts",
  minTemperature: "not above the maximum",
  eta: "between now and a year from now",
  at: "between the stop before and now",
  recordedAt: "not in the future, and not too old",
  carrierId: "named for a carrier's office alone",
  driverId: "named for a driver alone",
  userIds: "persons or a role, one of the two",
  password: "its bytes are counted, not its characters",
  newPassword: "its bytes are counted, not its characters",
  loads: "each load once, whatever its version",
};

/** Ids of what is there, by the schema of the id. */
async function whatIsThere() {
  const loads = (await allLoads(sarah)).slice(0, 12);
  const site = await admin.post("/sites", { name: "Joliet yard", city: "Joliet", state: "IL" });
  const range = { minTemperature: 2, maxTemperature: 8 };
  const unit = await admin.post("/units", { siteId: site.json.data.id, name: "Reefer 12", kind: "trailer", ...range });
  const stops = await Promise.all(loads.slice(0, 4).map(({ id }) => sarah.data(`/loads/${id}/stops`)));
  return {
    LoadId: loads.map(({ id }) => id),
    ConversationId: loads.map(({ id }) => id),
    StopId: stops.flat().map(({ id }) => id),
    FacilityId: await facilities(sarah),
    CarrierId: (await sarah.data("/carriers")).map(({ id }) => id),
    DriverId: (await sarah.data("/drivers")).map(({ id }) => id),
    UserId: (await sarah.data("/users")).filter(({ name }) => /john/i.test(name)).map(({ id }) => id),
    SiteId: [site.json.data.id],
    UnitId: [unit.json.data.id],
  };
}
const real = await whatIsThere();

/** Whoever ends sessions ends their own alone. */
const caller = (path) => (path.startsWith("/auth/") ? logIn(server, "john") : Promise.resolve(admin));

function address(values, path, parameters) {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name) => {
    const { schema } = parameters.find((parameter) => parameter.in === "path" && parameter.name === name);
    return encodeURIComponent(values.allowed(schema));
  });
  const query = new URLSearchParams();
  for (const { name, schema, required } of parameters.filter((parameter) => parameter.in === "query")) {
    if (!required && values.chance(0.6)) continue;
    const value = values.allowed(schema);
    for (const one of [value].flat()) if (one !== null) query.append(name, String(one));
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

/** The answer is one that is described, and not an error of ours. */
function checkAnswer(method, to, answer, what) {
  assert.ok(answer.status < 500 || answer.status === 503, `${what}: ${answer.status} ${answer.text}`);
  description.check(method, to, answer);
}

const seedOf = (text) => [...text].reduce((sum, character) => Math.imul(sum, 31) + character.codePointAt(0), SEED);

describe(`requests made from the description, seed ${SEED}`, () => {
  for (const [method, path, operation] of description.operations) {
    const parameters = operation.parameters ?? [];
    const schema = operation.requestBody?.content["application/json"].schema;

    test(`${method} ${path} takes what is allowed`, async () => {
      const person = await caller(path);
      const values = new SchemaValues(document, seedOf(`${method} ${path}`), real);
      const rounds = SLOW.includes(path) ? 6 : ROUNDS;
      for (let sent = 0; sent < rounds; sent += AT_ONCE) {
        await Promise.all(
          Array.from({ length: AT_ONCE }, async () => {
            const to = address(values, path, parameters);
            const body = schema && values.allowed(schema);
            if (schema) description.checkRequest(method, to, body);
            const what = `seed ${SEED}: ${method} ${to} ${shown(body)}`;
            const answer = await person.send(method, to, body === undefined ? {} : { body: JSON.stringify(body) });
            checkAnswer(method, to, answer, what);
            // A cursor is what an answer before has said, which no schema describes.
            const isCursor = /[?&](cursor|before|stream|epoch|ids|userIds|pickup|delivery|namespace)=/.test(to);
            if (!isCursor) assert.ok(![400, 413, 415].includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
            const { rule, field } = answer.json?.error?.details ?? {};
            if (answer.status === 422 && rule === "value_out_of_bounds") {
              assert.ok(BETWEEN_VALUES[field], `${what}: the description allows it: ${answer.text}`);
            }
          }),
        );
      }
    });

    if (!schema) continue;

    test(`${method} ${path} refuses what is not allowed`, async () => {
      const person = await caller(path);
      const values = new SchemaValues(document, seedOf(`${path} ${method}`), real);
      const example = operation.requestBody.content["application/json"].example;
      description.checkRequest(method, path, example);
      const broken = values.broken(schema, example);
      assert.ok(broken.length > 0);
      for (const [how, body] of SLOW.includes(path) ? broken.slice(0, 12) : broken) {
        const to = address(values, path, parameters);
        const what = `seed ${SEED}: ${method} ${to}, ${how}: ${shown(body)}`;
        const answer = await person.send(method, to, { body: JSON.stringify(body) });
        checkAnswer(method, to, answer, what);
        const taken = answer.json?.data;
        // Of a list each item is judged for itself, and so are loads that are changed together.
        const isEachForItself = taken?.refused?.length > 0 || (Array.isArray(taken) && taken.every(({ ok }) => ok === false));
        assert.ok(answer.status >= 400 || isEachForItself, `${what}: ${answer.status} ${answer.text}`);
      }
    });
  }

  test("whoever is not logged in, or has no right, is told so as it is described", async () => {
    const nobody = new Client(server);
    for (const [method, path, operation] of description.operations) {
      const values = new SchemaValues(document, seedOf(path), real);
      const example = operation.requestBody?.content["application/json"].example;
      const options = example === undefined ? {} : { body: JSON.stringify(example) };
      for (const person of [nobody, carlos]) {
        if (person === carlos && (path.startsWith("/auth/") || method === "GET")) continue;
        const to = address(values, path, (operation.parameters ?? []).filter((parameter) => parameter.in === "path"));
        const answer = await person.send(method, to, options);
        checkAnswer(method, to, answer, `${method} ${to}`);
        if (person === nobody) assert.equal(answer.status, 401, `${method} ${to}: ${answer.text}`);
      }
    }
  });
});
