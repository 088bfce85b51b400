// A login that runs out under a page: it is renewed unseen, and where that can't be, the login page comes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { serverFor } from "../harness/server.js";
import { until } from "../harness/wait.js";
import { watched } from "../harness/wire.js";

const NAMESPACES = ["/chat", "/dispatch", "/events", "/notifications", "/tracking"];
const LIFE = 10;
const SHORT = { AUTH__TOKEN_TTL: `${LIFE}s`, AUTH__EXPIRY_WARNING: `${LIFE - 3}s` };

const browser = await browserForThisFile();

test("the login is renewed again and again, once for all namespaces, and nobody sees anything of it", async (t) => {
  const server = await serverFor(t, { loads: 12, settings: SHORT });
  const maria = await as(server, "maria");
  const visitor = await visit(t, browser, server, { person: maria });
  const wire = watched(visitor);
  const renewals = [];
  visitor.page.on("request", (request) => {
    if (request.url().endsWith("/auth/refresh")) renewals.push(Date.now());
  });
  const board = await new BoardPage(visitor).open();
  // Longer than two logins last.
  await until(() => renewals.length >= 7, "the login is renewed", 4 * LIFE * 1_000);
  const commands = () => wire.commands("auth:refresh");
  await until(() => commands().length === renewals.length * NAMESPACES.length, "each socket gets each new token");
  assert.deepEqual([...new Set(commands().map(({ namespace }) => namespace))].sort(), NAMESPACES);
  const warnings = wire.heard("auth:expiring");
  assert.ok(warnings.length >= renewals.length * NAMESPACES.length - NAMESPACES.length, "each namespace warns");
  const taken = () => wire.answers().filter((answer) => answer.ok && answer.expiresAt);
  await until(() => taken().length === commands().length, "each is taken");
  assert.deepEqual([wire.opened, wire.open], [1, 1], "one connection, from the beginning");
  assert.equal(await board.status.textContent(), "Live");
  const cookie = (await visitor.context.cookies()).find(({ name }) => name === "auth_token");
  assert.notEqual(cookie.value, maria.token);
});

test("a renewal that the server does not answer at first is tried again in time", async (t) => {
  const server = await serverFor(t, { loads: 12, settings: { AUTH__TOKEN_TTL: "20s", AUTH__EXPIRY_WARNING: "17s" } });
  const visitor = await visit(t, browser, server, { person: await as(server, "maria"), allow: [/503/] });
  const wire = watched(visitor);
  let asked = 0;
  await visitor.page.route("**/auth/refresh", (route) => {
    asked += 1;
    return asked === 1 ? route.fulfill({ status: 503 }) : route.continue();
  });
  const board = await new BoardPage(visitor).open();
  await until(() => wire.answers("/chat").some(({ expiresAt }) => expiresAt), "the login is renewed", 15_000);
  assert.equal(asked, 2);
  assert.equal(await board.status.textContent(), "Live");
});

test("a login that can not be renewed ends on the login page, which leads back", async (t) => {
  const server = await serverFor(t, { loads: 12, settings: SHORT });
  const visitor = await visit(t, browser, server, { person: await as(server, "maria"), allow: [/401/] });
  const refusal = { error: { code: "unauthorized", message: "Log in.", details: null } };
  await visitor.page.route("**/auth/refresh", (route) => route.fulfill({ status: 401, json: refusal }));
  await new BoardPage(visitor).open();
  await visitor.page.waitForURL("**/login?next=%2Fdispatch&error=expired", { timeout: 3 * LIFE * 1_000 });
});
