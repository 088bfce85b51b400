// Bad input over REST: each gets its exact error, and nothing changes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client, as, emailOf } from "../harness/client.js";
import { changesNothing, refused } from "../harness/expect.js";
import { send } from "../harness/http.js";
import { serverForThisFile } from "../harness/server.js";
import { book, newLoad, step, tryStep } from "../harness/trade.js";

const server = await serverForThisFile();
const [maria, john, globex] = await Promise.all(["maria", "john", "maria@globex"].map((who) => as(server, who)));
const mine = await book(maria);
const theirs = await book(globex);
const wish = await newLoad(maria);
const { customer, ...withoutCustomer } = wish;
const [pickup, delivery] = wish.stops;
const window = (start, end) => ({ kind: "FCFS", start, end });
/** The booking with something else in its first stop, or in that stop's window. */
const withStop = (fields) => ({ ...wish, stops: [{ ...pickup, ...fields }, delivery] });
const withWindow = (value) => withStop({ window: value });
const backwards = window("2026-11-21T10:00:00Z", "2026-11-21T09:00:00Z");

/** Sends a body as it is, broken or not. */
const raw = (method, path, body, headers) => maria.send(method, path, { body, headers });
const create = (body) => maria.post("/loads", body);
const patch = (body, id = mine.id) => maria.patch(`/loads/${id}`, body);
const status = (body, id = mine.id) => maria.patch(`/loads/${id}/status`, body);
const path = (method, address, body) => maria.send(method, address, body ? { body: JSON.stringify(body) } : {});

const HUGE_VERSION = '{"status":"PENDING","version":1e99}';
const LONG_REASON = { status: "CANCELLED", version: 1, reason: "x".repeat(501) };
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const TEXT = { "content-type": "text/plain" };
const JSON_TYPE = { "content-type": "application/json" };
const LARGE = 4 * 1_048_576 + 1;
const large = JSON.stringify({ ...wish, instructions: "x".repeat(LARGE) });
/** Too much, in parts, without saying how much it will be. */
const streamed = () => {
  const chunks = Array.from({ length: 40 }, () => "x".repeat(LARGE / 32));
  return maria.send("POST", "/loads", { chunks, headers: JSON_TYPE });
};

const table = {
  "JSON that can't be read": [
    ["a booking that breaks off", "bad_request", () => raw("POST", "/loads", '{"customer": "Prai')],
    ["a booking that is no JSON", "bad_request", () => raw("POST", "/loads", "customer=Prairie")],
    ["a booking with two values", "bad_request", () => raw("POST", "/loads", `${JSON.stringify(wish)} {}`)],
    ["a booking of bytes that are not UTF-8", "bad_request", () => raw("POST", "/loads", Buffer.from([0x22, 0xff, 0x22]))],
    ["an empty patch", "bad_request", () => raw("PATCH", `/loads/${mine.id}`, "")],
    ["a step that is a list", "bad_request", () => raw("PATCH", `/loads/${mine.id}/status`, "[]")],
    ["a login that is no JSON", "bad_request", () => raw("POST", "/auth/login", "{")],
    ["deeply nested lists", "bad_request", () => raw("POST", "/loads", "[".repeat(60_000))],
  ],
  "fields that are unknown or missing": [
    ["a booking with an unknown field", "bad_request", () => create({ ...wish, colour: "red" })],
    ["a booking with an unknown field in a stop", "bad_request", () => create(withStop({ gate: 4 }))],
    ["a booking with an unknown field in a window", "bad_request", () => create(withWindow({ ...pickup.window, zone: "CST" }))],
    ["a booking without a customer", "bad_request", () => create(withoutCustomer)],
    ["a patch with an unknown field", "bad_request", () => patch({ version: 1, colour: "red" })],
    ["a patch that sets the status", "bad_request", () => patch({ version: 1, status: "PENDING" })],
    ["a patch that sets the tenant", "bad_request", () => patch({ version: 1, tenantId: globex.user.tenantId })],
    ["a patch without a version", "bad_request", () => patch({ hot: true })],
    ["a step without a version", "bad_request", () => status({ status: "PENDING" })],
    ["a step without a status", "bad_request", () => status({ version: 1 })],
    ["a step with an unknown field", "bad_request", () => status({ status: "PENDING", version: 1, force: true })],
    ["a login with an unknown field", "bad_request", () => maria.post("/auth/login", { email: "a", password: "b", otp: 1 })],
    ["a list with an unknown question", "bad_request", () => path("GET", "/loads?colour=red")],
  ],
  "values of the wrong type": [
    ["an unknown status", "bad_request", () => status({ status: "TELEPORTED", version: 1 })],
    ["a status in small letters", "bad_request", () => status({ status: "pending", version: 1 })],
    ["a status that is a number", "bad_request", () => status({ status: 3, version: 1 })],
    ["a version that is text", "bad_request", () => status({ status: "PENDING", version: "1" })],
    ["a version that is a fraction", "bad_request", () => status({ status: "PENDING", version: 1.5 })],
    ["a version beyond all numbers", "bad_request", () => raw("PATCH", `/loads/${mine.id}/status`, HUGE_VERSION)],
    ["an unknown equipment", "bad_request", () => create({ ...wish, equipment: "sledge" })],
    ["a customer that is a number", "bad_request", () => create({ ...wish, customer: 7 })],
    ["a weight that is text", "bad_request", () => create({ ...wish, weightLbs: "40000" })],
    ["a hot that is text", "bad_request", () => patch({ version: 1, hot: "yes" })],
    ["a time that is none", "bad_request", () => create(withWindow(window("tomorrow", "later")))],
    ["a facility that is no id", "bad_request", () => create(withStop({ facilityId: "dock 4" }))],
    ["an unknown status to list", "bad_request", () => path("GET", "/loads?status=TELEPORTED")],
    ["a cursor that is none", "bad_request", () => path("GET", "/loads?cursor=next")],
    ["a limit of nothing", "bad_request", () => path("GET", "/loads?limit=0")],
    ["a limit beyond all", "bad_request", () => path("GET", "/loads?limit=501")],
    ["an id that is none", "bad_request", () => path("GET", "/loads/LD-202611-00001")],
    ["an id that is none, to change", "bad_request", () => path("PATCH", "/loads/1", { version: 1 })],
    ["an id that is none, to step", "bad_request", () => path("PATCH", "/loads/1/status", { status: "PENDING", version: 1 })],
    ["an id that is none, to delete", "bad_request", () => path("DELETE", "/loads/1?version=1")],
  ],
  "values out of their bounds": [
    ["no stops", "rule_broken", () => create({ ...wish, stops: [] }), "value_out_of_bounds"],
    ["a delivery before the pickup", "rule_broken", () => create({ ...wish, stops: [delivery, pickup] }), "value_out_of_bounds"],
    ["a window that ends before it starts", "rule_broken", () => create(withWindow(backwards)), "value_out_of_bounds"],
    ["a customer without a name", "rule_broken", () => create({ ...wish, customer: "  " }), "value_out_of_bounds"],
    ["a negative weight", "rule_broken", () => patch({ version: 1, weightLbs: -1 }), "value_out_of_bounds"],
    ["a trip around the world", "rule_broken", () => patch({ version: 1, miles: 25_000 }), "value_out_of_bounds"],
    ["a reason of 501 characters", "rule_broken", () => status(LONG_REASON), "value_out_of_bounds"],
  ],
  "what is not there": [
    ["an unknown load", "not_found", () => path("GET", "/loads/01999999-9999-7999-8999-999999999999")],
    ["the load of another tenant", "not_found", () => path("GET", `/loads/${theirs.id}`)],
    ["a patch of another tenant's load", "not_found", () => patch({ version: 1, hot: true }, theirs.id)],
    ["a step of another tenant's load", "not_found", () => status({ status: "PENDING", version: 1 }, theirs.id)],
    ["the deletion of another tenant's load", "not_found", () => path("DELETE", `/loads/${theirs.id}?version=1`)],
    ["a booking at another tenant's facility", "not_found", () => create(withStop({ facilityId: theirs.stops[0].facilityId }))],
    ["an unknown carrier", "not_found", () => patch({ version: 1, carrierId: "01999999-9999-7999-8999-999999999999" })],
    ["an unknown address", "not_found", () => path("GET", "/trucks")],
  ],
  "requests of the wrong form": [
    ["a method that the address does not take", "method_not_allowed", () => path("PUT", "/loads", {})],
    ["a deletion of the list", "method_not_allowed", () => path("DELETE", "/loads")],
    ["a booking as a form", "unsupported_media_type", () => raw("POST", "/loads", "customer=x", FORM)],
    ["a booking as text", "unsupported_media_type", () => raw("POST", "/loads", JSON.stringify(wish), TEXT)],
    ["a huge booking", "payload_too_large", () => raw("POST", "/loads", large)],
    ["a huge booking of unknown length", "payload_too_large", streamed],
    ["a huge patch", "payload_too_large", () => raw("PATCH", `/loads/${mine.id}`, large)],
    ["a huge login", "payload_too_large", () => raw("POST", "/auth/login", large)],
  ],
};

for (const [kind, cases] of Object.entries(table)) {
  describe(kind, () => {
    for (const [name, code, attempt, rule] of cases) {
      test(`${name}: ${code}`, async () => {
        const answer = await changesNothing(maria, mine.id, () => changesNothing(globex, theirs.id, attempt));
        refused(answer, code, rule);
      });
    }
  });
}

test("a stale version is refused with who changed the load, and when", async () => {
  const load = await book(maria);
  const now = await step(john, load, "PENDING");
  const details = {
    currentVersion: 2,
    status: "PENDING",
    updatedBy: { id: john.user.id, name: john.user.name },
    updatedAt: now.updatedAt,
  };
  for (const attempt of [
    () => tryStep(maria, load, "PENDING"),
    () => maria.patch(`/loads/${load.id}`, { version: 1, hot: true }),
    () => maria.patch(`/loads/${load.id}`, { version: 99, hot: true }),
    () => maria.delete(`/loads/${load.id}?version=1`),
  ]) {
    const error = refused(await changesNothing(maria, load.id, attempt), "conflict");
    assert.deepEqual(error.details, details);
    assert.ok(error.message.includes(john.user.name) && error.message.includes(load.loadNumber), error.message);
  }
});

test("the login form of the page refuses what is no form", async () => {
  const answer = await send(`${server.url}/login`, { method: "POST", body: "{}", headers: JSON_TYPE });
  assert.equal(answer.status, 415);
  assert.equal(answer.headers["set-cookie"], undefined);
});

test("a client without a login is refused before its body is judged", async () => {
  const nobody = new Client(server);
  refused(await changesNothing(maria, mine.id, () => nobody.post("/loads", { nonsense: emailOf("maria") })), "unauthorized");
});
