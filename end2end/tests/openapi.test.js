// The description of the API is valid OpenAPI 3.1, and what the server really answers is as it says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Client, as, emailOf, logIn } from "../harness/client.js";
import { Description } from "../harness/openapi.js";
import { serverForThisFile } from "../harness/server.js";
import { bookAt, fitCarrier, newLoad } from "../harness/trade.js";

const server = await serverForThisFile();
const nobody = new Client(server);
const names = ["admin", "maria", "sarah", "sam", "swift"];
const [admin, maria, sarah, sam, swift] = await Promise.all(names.map((who) => as(server, who)));
const answer = await nobody.get("/openapi.json");
const description = new Description(answer.json);
const NOBODY = "01999999-9999-7999-8999-999999999999";
const usd = (amount) => ({ amount, currency: "USD" });

/** Makes a call, holds the answer and the body against the description, and gives the answer's JSON. */
async function call(person, status, method, address, body) {
  const options = body === undefined ? {} : { body: JSON.stringify(body) };
  const got = await person.send(method, address, options);
  assert.equal(got.status, status, `${method} ${address}: ${got.text}`);
  description.check(method, address, got);
  if (body && status < 300) description.checkRequest(method, address, body);
  return got.json;
}

test("the description is served to everybody and is valid OpenAPI 3.1", async () => {
  assert.equal(answer.status, 200);
  assert.match(answer.json.openapi, /^3\.1\.\d+$/);
  const { valid, errors } = await new Validator().validate(structuredClone(answer.json));
  assert.ok(valid, JSON.stringify(errors, null, 2));
});

test("every operation has a name of its own, a summary, a tag, and says what 401 is", () => {
  const names = description.operations.map(([, , { operationId }]) => operationId);
  assert.ok(names.every(Boolean));
  assert.equal(new Set(names).size, names.length);
  for (const [method, path, operation] of description.operations) {
    assert.ok(operation.summary || operation.description, `${method} ${path} says what it does`);
    assert.ok(operation.tags?.length > 0, `${method} ${path} has a tag`);
    assert.ok(operation.responses[401], `${method} ${path} may refuse a stranger`);
  }
});

test("the routes of the contract are described", () => {
  const described = description.operations.map(([method, path]) => `${method} ${path}`).sort();
  for (const route of [
    "POST /auth/login", "POST /auth/logout", "POST /auth/refresh", "GET /auth/me", "GET /loads", "POST /loads",
    "POST /loads/{id}/assign", "POST /loads/{id}/tender", "POST /loads/{id}/accept", "POST /loads/{id}/reject",
    "POST /loads/{id}/dispatch", "POST /loads/{id}/claim", "POST /loads/bulk-status", "POST /loads/bulk-assign",
    "POST /loads/bulk-dispatch", "GET /loads/{id}/stops", "POST /stops/{id}/arrive", "POST /stops/{id}/depart",
    "POST /loads/{id}/eta", "GET /loads/{id}/timeline", "GET /loads/active", "GET /loads/stats", "POST /loads/import", "GET /loads/export", "POST /loads/export", "GET /loads/board", "GET /loads/{id}",
    "GET /loads/{id}/detail", "PATCH /loads/{id}", "DELETE /loads/{id}", "PATCH /loads/{id}/status",
    "GET /events", "GET /sites", "POST /sites", "GET /units", "POST /units", "GET /units/{id}", "PATCH /units/{id}",
    "GET /units/{id}/readings", "POST /units/{id}/readings", "GET /alerts",
    "GET /conversations", "POST /conversations", "GET /conversations/{id}",
    "GET /conversations/{id}/messages", "POST /conversations/{id}/messages", "POST /conversations/{id}/read",
    "GET /loads/{id}/messages", "GET /notifications", "POST /notifications", "POST /notifications/{id}/read",
    "POST /notifications/read-all",
    "POST /auth/password", "GET /presets", "POST /presets", "PATCH /presets/{id}", "DELETE /presets/{id}", "GET /presence", "POST /announcements", "GET /audit", "GET /carriers", "POST /carriers",
    "GET /carriers/{id}", "PATCH /carriers/{id}", "GET /drivers", "GET /users", "POST /users", "PATCH /users/{id}",
    "DELETE /users/{id}", "POST /users/{id}/password",
  ]) {
    assert.ok(described.includes(route), route);
  }
});

test("what the server really answers is as described", async (t) => {
  await t.test("answers about logins are as described", async () => {
    const john = await logIn(server, "john");
    await call(nobody, 200, "POST", "/auth/login", { email: emailOf("john"), password: server.password });
    await call(nobody, 401, "POST", "/auth/login", { email: emailOf("john"), password: "wrong" });
    await call(nobody, 400, "POST", "/auth/login", { email: emailOf("john") });
    for (const person of [john, sarah, swift]) await call(person, 200, "GET", "/auth/me");
    await call(nobody, 401, "GET", "/auth/me");
    const { data } = await call(john, 200, "POST", "/auth/refresh");
    await call(new Client(server, { token: data.token }), 200, "POST", "/auth/logout");
    await call(nobody, 401, "POST", "/auth/logout");
    await call(nobody, 401, "POST", "/auth/refresh");
  });

  await t.test("answers about loads are as described, with money and without", async () => {
    for (const person of [maria, sarah, sam, swift]) {
      await call(person, 200, "GET", "/loads/board");
      const { data } = await call(person, 200, "GET", "/loads?limit=500");
      for (const { id } of data) {
        await call(person, 200, "GET", `/loads/${id}`);
        await call(person, 200, "GET", `/loads/${id}/detail`);
      }
    }
    await call(maria, 400, "GET", "/loads?limit=0");
    await call(nobody, 401, "GET", "/loads");
    await call(nobody, 401, "GET", "/loads/board");
    await call(maria, 400, "GET", "/loads/x");
    await call(maria, 404, "GET", "/loads/01999999-9999-7999-8999-999999999999");

    const carrierId = await fitCarrier(sarah);
    const finance = { revenue: usd(250_000), carrierCost: usd(200_000) };
    const wish = await newLoad(sarah, { carrierId, finance, miles: 812, references: ["PO 1"], hot: true, instructions: "Dock 4" });
    const { data: load } = await call(sarah, 201, "POST", "/loads", wish);
    await call(maria, 201, "POST", "/loads", await newLoad(maria));
    await call(maria, 403, "POST", "/loads", wish);
    await call(maria, 400, "POST", "/loads", { ...wish, colour: "red" });
    await call(sarah, 422, "POST", "/loads", { ...wish, stops: [] });

    const address = `/loads/${load.id}`;
    await call(maria, 200, "PATCH", address, { version: 1, exception: true, customer: "Lakeside", weightLbs: 100 });
    await call(sam, 403, "PATCH", address, { version: 2, hot: false });
    await call(maria, 409, "PATCH", address, { version: 1, hot: false });
    await call(maria, 422, "PATCH", address, { version: 2, miles: -1 });
    await call(maria, 200, "PATCH", `${address}/status`, { status: "PENDING", version: 2 });
    await call(maria, 422, "PATCH", `${address}/status`, { status: "DELIVERED", version: 3 });
    await call(maria, 409, "PATCH", `${address}/status`, { status: "TENDERED", version: 2 });
    await call(maria, 403, "PATCH", `${address}/status`, { status: "CANCELLED", version: 3, reason: "No" });
    await call(sarah, 200, "PATCH", `${address}/status`, { status: "TENDERED", version: 3 });
    await call(sarah, 422, "DELETE", `${address}?version=4`);
    const { data: gone } = await call(maria, 201, "POST", "/loads", await newLoad(maria));
    await call(maria, 409, "DELETE", `/loads/${gone.id}?version=9`);
    await call(sam, 403, "DELETE", `/loads/${gone.id}?version=1`);
    await call(maria, 200, "DELETE", `/loads/${gone.id}?version=1`);
    await call(maria, 404, "DELETE", `/loads/${gone.id}?version=1`);
  });

  await t.test("answers about what is done to loads are as described", async () => {
    const carrierId = await fitCarrier(sarah);
    const book = async () => (await call(maria, 201, "POST", "/loads", await newLoad(maria))).data;
    const { id } = await book();
    const act = async (verb, body, status = 200, person = maria) =>
      (await call(person, status, "POST", `/loads/${id}/${verb}`, body)).data;
    await act("claim", { claimed: true });
    await act("claim", { claimed: true }, 409, sarah);
    await act("claim", { claimed: true }, 403, sam);
    await act("undo", { version: 1 }, 422);
    await act("dispatch", { version: 1 }, 422);
    await act("reject", { version: 1, reason: "Full" }, 422);
    const assigned = await act("assign", { version: 1, carrierId });
    await act("assign", { version: 1, carrierId }, 409);
    await act("assign", { version: 1 }, 400);
    const tendered = await act("tender", { version: assigned.version, windowMinutes: 5 });
    const rejected = await act("reject", { version: tendered.version, reason: "No truck" });
    const again = await act("tender", { version: rejected.version, carrierId });
    const undone = await act("undo", { version: again.version });
    const third = await act("tender", { version: undone.version, carrierId });
    const accepted = await act("accept", { version: third.version });
    await act("dispatch", { version: accepted.version });

    const loads = [await book(), await book()].map((load) => ({ id: load.id, version: load.version }));
    const foreign = { id: NOBODY, version: 1 };
    await call(maria, 200, "POST", "/loads/bulk-assign", { loads: [...loads, foreign], carrierId });
    await call(maria, 200, "POST", "/loads/bulk-status", { loads, status: "PENDING" });
    await call(maria, 200, "POST", "/loads/bulk-dispatch", { loads });
    await call(maria, 422, "POST", "/loads/bulk-dispatch", { loads: [] });
    await call(maria, 400, "POST", "/loads/bulk-dispatch", {});
  });

  await t.test("answers about files of loads are as described", async () => {
    const csv = [
      "customer,equipment,pickup_facility,pickup_start,pickup_end,delivery_facility,delivery_start,delivery_end",
      "Prairie Paper,boat,Nowhere,,,,,",
    ].join("\n");
    await call(maria, 200, "POST", "/loads/import", { csv });
    const { data: begun } = await call(maria, 202, "POST", "/loads/import", { csv, confirm: true });
    await call(maria, 200, "GET", `/loads/import/${begun.id}`);
    await call(sarah, 404, "GET", `/loads/import/${begun.id}`);
    await call(maria, 422, "POST", "/loads/import", { csv: "colour" });
    await call(sam, 403, "POST", "/loads/import", { csv });
    const file = await maria.get("/loads/export?status=PENDING");
    assert.equal(file.status, 200);
    description.check("GET", "/loads/export?status=PENDING", file);
    await call(maria, 400, "GET", "/loads/export?ids=x");
    const chosen = await maria.post("/loads/export", { ids: ["01999999-9999-7999-8999-999999999999"] });
    assert.equal(chosen.status, 200);
    description.check("POST", "/loads/export", chosen);
    await call(maria, 422, "POST", "/loads/export", { ids: [] });
    await call(maria, 400, "POST", "/loads/export", { ids: ["x"] });
  });

  await t.test("answers about conversations are as described", async () => {
    const { data: load } = await call(maria, 201, "POST", "/loads", await newLoad(maria));
    const unknown = "01999999-9999-7999-8999-999999999999";
    const address = `/conversations/${load.id}`;
    await call(maria, 200, "GET", address);
    const message = { body: "Which dock?", clientId: "m-1" };
    const { data: sent } = await call(maria, 201, "POST", `${address}/messages`, message);
    await call(maria, 200, "POST", `${address}/messages`, message);
    await call(maria, 422, "POST", `${address}/messages`, { body: " " });
    await call(maria, 400, "POST", `${address}/messages`, { text: "x" });
    await call(swift, 404, "POST", `${address}/messages`, message);
    await call(sam, 200, "POST", `${address}/read`, { messageId: sent.id });
    await call(sam, 404, "POST", `${address}/read`, { messageId: unknown });
    for (const person of [maria, sam]) {
      await call(person, 200, "GET", address);
      await call(person, 200, "GET", `${address}/messages`);
      await call(person, 200, "GET", `/loads/${load.id}/messages?limit=1`);
    }
    await call(swift, 404, "GET", address);
    await call(swift, 404, "GET", `${address}/messages`);
    await call(swift, 404, "GET", `/loads/${load.id}/messages`);
    await call(maria, 201, "POST", "/conversations", { memberIds: [sam.user.id, swift.user.id], title: "Dock" });
    const { data: pair } = await call(maria, 201, "POST", "/conversations", { memberIds: [sam.user.id] });
    await call(sam, 200, "POST", "/conversations", { memberIds: [maria.user.id] });
    await call(maria, 200, "GET", `/conversations/${pair.id}`);
    await call(swift, 403, "POST", "/conversations", { memberIds: [maria.user.id] });
    await call(maria, 404, "POST", "/conversations", { memberIds: [unknown] });
    await call(maria, 422, "POST", "/conversations", { memberIds: [] });
    for (const person of [maria, sam, swift]) await call(person, 200, "GET", "/conversations?limit=2");
    await call(maria, 400, "GET", "/conversations?limit=0");
    await call(nobody, 401, "GET", "/conversations");
  });

  await t.test("answers about notifications are as described", async () => {
    const news = { userIds: [maria.user.id], type: "info", title: "News", message: "Door 4", link: "/dispatch" };
    const admin = await as(server, "admin");
    await call(admin, 201, "POST", "/notifications", news);
    await call(admin, 201, "POST", "/notifications", { ...news, userIds: undefined, role: "dispatcher", link: undefined });
    await call(admin, 422, "POST", "/notifications", { ...news, link: "//evil.test" });
    await call(admin, 404, "POST", "/notifications", { ...news, userIds: ["01999999-9999-7999-8999-999999999999"] });
    await call(admin, 400, "POST", "/notifications", { ...news, type: "loud" });
    await call(maria, 403, "POST", "/notifications", news);
    const { data: [first] } = await call(maria, 200, "GET", "/notifications?unread=true");
    await call(maria, 200, "POST", `/notifications/${first.id}/read`);
    await call(sam, 404, "POST", `/notifications/${first.id}/read`);
    await call(maria, 200, "POST", "/notifications/read-all");
    await call(maria, 200, "GET", "/notifications?limit=1");
    await call(maria, 400, "GET", "/notifications?limit=0");
    await call(nobody, 401, "GET", "/notifications");
  });

  await t.test("answers about the road are as described", async () => {
    const { id } = await bookAt(sarah, "DISPATCHED");
    const address = `/loads/${id}`;
    const { data: stops } = await call(maria, 200, "GET", `${address}/stops`);
    await call(maria, 404, "GET", `/loads/${NOBODY}/stops`);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { data: card } = await call(maria, 200, "POST", `${address}/eta`, { eta: soon, note: "Traffic" });
    await call(maria, 409, "POST", `${address}/eta`, { eta: soon, version: 1 });
    await call(maria, 422, "POST", `${address}/eta`, { eta: "2020-01-01T00:00:00.000Z" });
    await call(maria, 400, "POST", `${address}/eta`, { eta: "soon" });
    await call(sam, 403, "POST", `${address}/eta`, { eta: soon });
    await call(maria, 200, "GET", "/loads/active");
    const [first, last] = stops.map((stop) => `/stops/${stop.id}`);
    const { version } = card;
    await call(maria, 422, "POST", `${last}/arrive`, { version });
    await call(sam, 403, "POST", `${first}/arrive`, { version });
    await call(maria, 400, "POST", `${first}/arrive`, {});
    await call(maria, 404, "POST", `/stops/${NOBODY}/depart`, { version });
    const { data: there } = await call(maria, 200, "POST", `${first}/arrive`, { version });
    await call(maria, 409, "POST", `${first}/depart`, { version });
    await call(maria, 200, "POST", `${first}/depart`, { version: there.version, at: new Date().toISOString() });
    for (const person of [maria, sarah, sam]) await call(person, 200, "GET", `${address}/timeline?limit=4`);
    await call(maria, 400, "GET", `${address}/timeline?limit=0`);
    await call(maria, 404, "GET", `/loads/${NOBODY}/timeline`);
    for (const path of ["/loads/active", "/loads/stats"]) {
      for (const person of [sarah, swift]) await call(person, 200, "GET", path);
      await call(nobody, 401, "GET", path);
    }
  });

  await t.test("answers about positions and check calls are as described", async () => {
    const load = await bookAt(sarah, "DISPATCHED");
    const report = { loadId: load.id, lat: 41.5, lng: -90.25, heading: 12.5, speed: 60 };
    const later = "2100-01-01T00:00:00.000Z";
    await call(maria, 200, "POST", "/positions", report);
    await call(maria, 200, "POST", "/positions", [report, { ...report, recordedAt: later }]);
    await call(maria, 400, "POST", "/positions", { loadId: load.id });
    await call(maria, 422, "POST", "/positions", { ...report, lat: 95 });
    await call(sam, 403, "POST", "/positions", report);
    await call(maria, 404, "POST", "/positions", { ...report, loadId: "01999999-9999-7999-8999-999999999999" });
    for (const person of [maria, swift]) await call(person, 200, "GET", "/operations/tracking/positions");
    await call(nobody, 401, "GET", "/operations/tracking/positions");
    await call(maria, 200, "GET", `/operations/tracking/positions/${load.id}`);
    await call(maria, 404, "GET", "/operations/tracking/positions/01999999-9999-7999-8999-999999999999");
    await call(maria, 200, "GET", `/loads/${load.id}/positions?limit=5`);
    await call(maria, 400, "GET", `/loads/${load.id}/positions?limit=0`);

    const calls = `/loads/${load.id}/check-calls`;
    const said = { location: { lat: 41.5, lng: -90.25 }, notes: "Rolling", eta: new Date().toISOString() };
    await call(maria, 201, "POST", calls, said);
    await call(maria, 422, "POST", calls, { ...said, notes: "" });
    await call(sam, 403, "POST", calls, said);
    await call(maria, 200, "GET", calls);
  });

  await t.test("answers about events are as described", async () => {
    for (const person of [maria, sarah]) await call(person, 200, "GET", "/events?namespace=/dispatch&after=0&limit=1000");
    await call(maria, 200, "GET", "/events?namespace=/dispatch&epoch=another");
    await call(maria, 400, "GET", "/events?namespace=/elsewhere");
    await call(maria, 404, "GET", "/events?namespace=/dispatch&stream=user:01999999-9999-7999-8999-999999999999");
    await call(nobody, 401, "GET", "/events?namespace=/dispatch");
  });

  await t.test("answers about the cold chain are as described", async () => {
    const admin = await as(server, "admin");
    const { data: site } = await call(admin, 201, "POST", "/sites", { name: "Yard", city: "Joliet", state: "IL" });
    await call(admin, 422, "POST", "/sites", { name: "", city: "Joliet", state: "IL" });
    const wish = { siteId: site.id, name: "Reefer 1", kind: "trailer", minTemperature: 2, maxTemperature: 8 };
    const { data: unit } = await call(admin, 201, "POST", "/units", { ...wish, minDurationMs: 0, loadId: null });
    const { data: load } = await call(maria, 201, "POST", "/loads", await newLoad(maria));
    await call(maria, 403, "POST", "/units", wish);
    const address = `/units/${unit.id}`;
    await call(admin, 200, "PATCH", address, { loadId: load.id });
    await call(admin, 422, "PATCH", address, { minTemperature: 9 });
    const later = "2100-01-01T00:00:00.000Z";
    const one = { deviceId: "probe-7", temperature: 20, humidity: 1, battery: 2, signalStrength: -70 };
    await call(maria, 200, "POST", `${address}/readings`, { ...one, recordedAt: new Date().toISOString() });
    await call(maria, 200, "POST", `${address}/readings`, [one, { ...one, recordedAt: later }]);
    await call(maria, 422, "POST", `${address}/readings`, { temperature: 200 });
    await call(maria, 400, "POST", `${address}/readings`, {});
    await call(sam, 403, "POST", `${address}/readings`, one);
    for (const path of ["/sites", "/units", `/units?siteId=${site.id}`, "/alerts", "/alerts?open=true"]) {
      await call(sam, 200, "GET", path);
      await call(swift, 403, "GET", path);
    }
    for (const path of [address, `${address}/readings?limit=1`]) {
      await call(sam, 200, "GET", path);
      await call(swift, 404, "GET", path);
    }
  });

  await t.test("answers about people and presence are as described", async () => {
    const password = "good and long enough";
    const wish = { email: emailOf("dana"), name: "Dana Reyes", role: "dispatcher", password };
    const { data: dana } = await call(admin, 201, "POST", "/users", wish);
    await call(admin, 409, "POST", "/users", wish);
    await call(admin, 422, "POST", "/users", { ...wish, password: "short" });
    await call(admin, 404, "POST", "/users", { ...wish, role: "driver", driverId: NOBODY });
    await call(maria, 403, "POST", "/users", wish);
    await call(sam, 200, "GET", "/users");
    await call(swift, 403, "GET", "/users");
    const address = `/users/${dana.id}`;
    await call(admin, 200, "PATCH", address, { name: "Dana", role: "support" });
    await call(admin, 422, "PATCH", address, { role: "carrier" });
    await call(admin, 200, "POST", `${address}/password`, { password: "another good one" });
    await call(admin, 422, "POST", `${address}/password`, { password: "short" });
    const { data } = await call(nobody, 200, "POST", "/auth/login", { email: dana.email, password: "another good one" });
    const self = new Client(server, { token: data.token });
    await call(self, 422, "POST", "/auth/password", { currentPassword: "wrong", newPassword: password });
    await call(self, 200, "POST", "/auth/password", { currentPassword: "another good one", newPassword: password });
    await call(self, 401, "POST", "/auth/password", { currentPassword: password, newPassword: password });
    await call(admin, 200, "DELETE", address);
    await call(admin, 404, "DELETE", address);
    await call(admin, 422, "DELETE", `/users/${admin.user.id}`);

    await call(maria, 200, "GET", "/presence");
    await call(maria, 200, "GET", `/presence?userIds=${maria.user.id}`);
    await call(maria, 400, "GET", "/presence?userIds=x");
    await call(swift, 403, "GET", "/presence");
    await call(admin, 201, "POST", "/announcements", { message: "The yard is closed on Friday." });
    await call(admin, 422, "POST", "/announcements", { message: "" });
    await call(maria, 403, "POST", "/announcements", { message: "Hi" });
    for (const query of ["", "?action=announced&limit=1", `?actor=${admin.user.id}&from=2026-01-01T00:00:00Z`]) {
      await call(admin, 200, "GET", `/audit${query}`);
    }
    await call(admin, 400, "GET", "/audit?cursor=x");
    await call(maria, 403, "GET", "/audit");
  });

  await t.test("answers about saved views are as described", async () => {
    const wish = { name: "Texas reefers", query: "equipment=reefer&to=TX" };
    const { data: preset } = await call(maria, 201, "POST", "/presets", wish);
    await call(maria, 409, "POST", "/presets", { ...wish, name: "TEXAS reefers" });
    await call(maria, 422, "POST", "/presets", { ...wish, name: " " });
    await call(maria, 400, "POST", "/presets", { name: "Half" });
    for (const person of [maria, swift]) await call(person, 200, "GET", "/presets");
    await call(nobody, 401, "GET", "/presets");
    const address = `/presets/${preset.id}`;
    await call(maria, 200, "PATCH", address, { query: "" });
    await call(maria, 422, "PATCH", address, { name: "x".repeat(61) });
    await call(sarah, 404, "PATCH", address, { name: "Mine" });
    await call(sarah, 404, "DELETE", address);
    await call(maria, 200, "DELETE", address);
    await call(maria, 404, "DELETE", address);
  });

  await t.test("answers about carriers and drivers are as described", async () => {
    const wish = { name: "Prairie Haul", mcNumber: "MC-1", phone: null, insuranceExpiresAt: "2099-01-01T00:00:00.000Z" };
    const { data: carrier } = await call(admin, 201, "POST", "/carriers", wish);
    await call(admin, 409, "POST", "/carriers", wish);
    await call(admin, 422, "POST", "/carriers", { ...wish, mcNumber: "" });
    await call(maria, 403, "POST", "/carriers", wish);
    const address = `/carriers/${carrier.id}`;
    await call(admin, 200, "PATCH", address, { compliance: "suspended", phone: "555-0170" });
    await call(maria, 403, "PATCH", address, { name: "X" });
    for (const person of [maria, sarah, sam]) {
      await call(person, 200, "GET", "/carriers?search=haul&fit=false");
      await call(person, 200, "GET", address);
      await call(person, 200, "GET", "/drivers");
    }
    await call(maria, 400, "GET", "/carriers?limit=0");
    await call(maria, 404, "GET", `/carriers/${NOBODY}`);
    await call(maria, 404, "GET", `/drivers?carrierId=${NOBODY}`);
    for (const path of ["/carriers", address, "/drivers"]) await call(swift, 403, "GET", path);
  });

  await t.test("answers about facilities and customers are as described", async () => {
    const location = { lat: 41.49, lng: -88.08 };
    const place = { city: "Joliet", state: "IL" };
    const wish = { name: "Joliet crossdock", address: "2500 Laraway Rd", place, zone: "America/Chicago", location, geofenceMiles: 0.75 };
    const { data: facility } = await call(admin, 201, "POST", "/facilities", wish);
    await call(admin, 201, "POST", "/facilities", { ...wish, name: "Joliet yard", address: null, geofenceMiles: null });
    await call(admin, 409, "POST", "/facilities", wish);
    await call(admin, 422, "POST", "/facilities", { ...wish, zone: "Central" });
    await call(maria, 403, "POST", "/facilities", wish);
    const address = `/facilities/${facility.id}`;
    await call(admin, 200, "PATCH", address, { address: "", geofenceMiles: 0 });
    await call(maria, 403, "PATCH", address, { name: "X" });
    for (const person of [maria, sarah, sam]) {
      await call(person, 200, "GET", "/facilities?search=joliet&limit=1");
      await call(person, 200, "GET", `/facilities?ids=${facility.id}`);
      await call(person, 200, "GET", address);
      await call(person, 200, "GET", "/customers?search=a&limit=5");
    }
    await call(maria, 400, "GET", "/facilities?ids=x");
    await call(maria, 400, "GET", "/customers?limit=0");
    await call(maria, 404, "GET", `/facilities/${NOBODY}`);
    for (const path of ["/facilities", address, "/customers"]) await call(swift, 403, "GET", path);

    const load = (await call(maria, 201, "POST", "/loads", await newLoad(maria))).data;
    const stops = load.stops.map(({ id, kind, facilityId, appointment: { kind: binding, start, end } }) => {
      return { id, kind, facilityId, window: { kind: binding, start, end } };
    });
    await call(maria, 422, "PATCH", `/loads/${load.id}`, { version: 1, stops: stops.slice(1) });
    await call(maria, 404, "PATCH", `/loads/${load.id}`, { version: 1, stops: [{ ...stops[0], id: NOBODY }, stops[1]] });
    await call(maria, 200, "PATCH", `/loads/${load.id}`, { version: 1, stops });
  });

  await t.test("every operation that is described was called with success", () => {
    const successes = description.operations.map(([method, path, { responses }]) => {
      const status = Object.keys(responses).find((code) => code.startsWith("2"));
      return `${method} ${path} ${status}`;
    });
    assert.deepEqual(successes.filter((success) => !description.answered.has(success)), []);
  });
});
