// Logging in, being known, and logging out over REST.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, as, emailOf, logIn } from "../harness/client.js";
import { TIME, refused } from "../harness/expect.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { claimsOf } from "../harness/tokens.js";

const server = await serverForThisFile();
const nobody = new Client(server);

test("a login answers with the person and the token, and sets the cookie", async () => {
  const answer = await nobody.post("/auth/login", { email: emailOf("maria"), password: server.password });
  assert.equal(answer.status, 200, answer.text);
  const { user, token, expiresAt } = answer.json.data;
  assert.deepEqual(Object.keys(answer.json.data).sort(), ["expiresAt", "token", "user"]);
  assert.equal(user.email, "maria@acme.test");
  assert.equal(user.role, "dispatcher");
  assert.deepEqual(user.permissions.toSorted(), ["check_call", "load_change", "load_view_all"]);
  assert.match(expiresAt, TIME);
  assert.equal(Date.parse(expiresAt), claimsOf(token).exp * 1_000);

  const cookies = answer.headers["set-cookie"];
  assert.deepEqual(cookies.map((cookie) => cookie.split("=")[0]), ["auth_token", "known_device"]);
  assert.match(cookies[1], /; HttpOnly; SameSite=Lax; /);
  const [pair, ...attributes] = cookies[0].split(";").map((part) => part.trim());
  assert.equal(pair, `auth_token=${token}`);
  assert.ok(attributes.includes("HttpOnly"), cookies[0]);
  assert.ok(attributes.includes("SameSite=Lax"), cookies[0]);
  assert.ok(attributes.includes("Path=/"), cookies[0]);
  assert.ok(!attributes.includes("Secure"), `on loopback: ${cookies[0]}`);
  const maxAge = Number(attributes.find((attribute) => attribute.startsWith("Max-Age=")).slice(8));
  assert.equal(maxAge, 12 * 3_600);
});

test("an address is known in any case", async () => {
  const answer = await nobody.post("/auth/login", { email: " Maria@ACME.test ", password: server.password });
  assert.equal(answer.status, 200, answer.text);
});

for (const [name, role] of Object.entries({
  admin: "admin",
  sarah: "ops_manager",
  maria: "dispatcher",
  john: "dispatcher",
  sam: "support",
  swift: "carrier",
  carlos: "driver",
})) {
  test(`the demo has ${name}, ${role}, in both tenants`, async () => {
    const [acme, globex] = await Promise.all([as(server, name), as(server, `${name}@globex`)]);
    assert.equal(acme.user.role, role);
    assert.equal(globex.user.role, role);
    assert.notEqual(acme.user.tenantId, globex.user.tenantId);
    assert.equal(Boolean(acme.user.carrierId), role === "carrier");
    assert.equal(Boolean(acme.user.driverId), role === "driver");
  });
}

test("me is the same person by the token and by the cookie", async () => {
  const maria = await as(server, "maria");
  const me = await maria.data("/auth/me");
  assert.deepEqual(me, maria.user);
  assert.deepEqual(await maria.withCookie().data("/auth/me"), me);
});

test("a wrong password and an unknown address are told the same", async () => {
  const wrong = await nobody.post("/auth/login", { email: emailOf("maria"), password: "wrong" });
  const unknown = await nobody.post("/auth/login", { email: "nobody@acme.test", password: "wrong" });
  assert.deepEqual(refused(wrong, "unauthorized"), refused(unknown, "unauthorized"));
  assert.equal(wrong.headers["set-cookie"], undefined);
});

test("a logout makes the token worthless, and only that one, even after a restart", async () => {
  const [leaving, staying] = [await logIn(server, "john"), await logIn(server, "john")];
  const answer = await leaving.withCookie({ origin: server.url }).post("/auth/logout");
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers["set-cookie"][0], /^auth_token=; .*Max-Age=0/);
  const isOut = async () => {
    refused(await leaving.get("/auth/me"), "unauthorized");
    refused(await leaving.withCookie().get("/auth/me"), "unauthorized");
    refused(await leaving.post("/auth/refresh"), "unauthorized");
    refused(await leaving.post("/auth/logout"), "unauthorized");
    assert.equal((await staying.get("/auth/me")).status, 200);
  };
  await isOut();
  await server.restart();
  await isOut();
});

test("a refresh gives a new token and its cookie", async () => {
  const john = await logIn(server, "john");
  const answer = await john.post("/auth/refresh");
  assert.equal(answer.status, 200, answer.text);
  const { token, user } = answer.json.data;
  assert.notEqual(token, john.token);
  assert.match(answer.headers["set-cookie"][0], new RegExp(`^auth_token=${token};`));
  assert.deepEqual(await new Client(server, { token }).data("/auth/me"), user);
});

test("guessing passwords is slowed down, for that address alone", async (t) => {
  const strict = await serverFor(t, { loads: 10, settings: { LIMITS__LOGINS_PER_MINUTE: 3 } });
  const visitor = new Client(strict);
  const guess = (password) => visitor.post("/auth/login", { email: emailOf("maria"), password });
  for (let attempt = 0; attempt < 3; attempt += 1) refused(await guess("wrong"), "unauthorized");
  const answer = await guess("wrong");
  refused(answer, "rate_limited");
  const wait = Number(answer.headers["retry-after"]);
  assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= 60, `Retry-After: ${answer.headers["retry-after"]}`);
  refused(await guess(strict.password), "rate_limited");
  await logIn(strict, "john");
});
