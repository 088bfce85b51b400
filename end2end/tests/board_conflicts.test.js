// Two people move the same load: the second is told who was first, and sees what is stored.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as, logIn } from "../harness/client.js";
import { freezable, held } from "../harness/cut.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { bookAt, step } from "../harness/trade.js";

const server = await serverForThisFile({ loads: 12 });
const browser = await browserForThisFile();
const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
// A browser writes a refused request to its console.
const REFUSED = /status of 409/;

test("on a board that has not heard yet, the move is undone and Maria is named", async (t) => {
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john, allow: [REFUSED] });
  const connection = await freezable(visitor);
  const board = await new BoardPage(visitor).open(load.loadNumber);
  connection.freeze();
  const delivered = await step(maria, load, "DELIVERED");
  await step(maria, delivered, "COMPLETED");
  await board.shows(load, "in-transit", "AT_DELIVERY");
  await board.drag(load, "delivered");
  await board.says(`${load.loadNumber} was moved to Completed by ${maria.user.name}`);
  await board.says("Your move was not applied.");
  await board.shows(load, "completed", "COMPLETED");
  assert.equal((await maria.data(`/loads/${load.id}`)).updatedBy.id, maria.user.id);
});

test("the move is shown at once, and undone when the answer is a conflict", async (t) => {
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john, allow: [REFUSED] });
  const move = await held(visitor, "PATCH", `**/api/v1/loads/${load.id}/status`);
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await board.drag(load, "delivered");
  const request = await move.caught;
  assert.equal(request.postDataJSON().version, load.version);
  await board.shows(load, "delivered", "DELIVERED");
  await board.card(load).and(board.page.locator("[data-pending]")).waitFor();

  const answer = await maria.patch(`/loads/${load.id}`, { version: load.version, hot: true });
  assert.equal(answer.status, 200, answer.text);
  move.release();
  await board.says(`${load.loadNumber} was changed by ${maria.user.name}`);
  await board.shows(load, "in-transit", "AT_DELIVERY");
  await board.card(load).and(board.page.locator(":not([data-pending])")).waitFor();
});

test("a move that can't be sent is undone and said so", async (t) => {
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john, allow: [/ERR_CONNECTION_REFUSED/] });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await visitor.page.route("**/api/v1/loads/**", (route) => route.abort("connectionrefused"));
  await board.drag(load, "delivered");
  await board.says("The server can't be reached.");
  await board.shows(load, "in-transit", "AT_DELIVERY");
});

test("a drag ends when somebody else moves the load meanwhile, and says who", async (t) => {
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await board.carry(load, "delivered");
  await step(maria, load, "DELIVERED");
  await board.says(`${load.loadNumber} was moved to Delivered by ${maria.user.name}`);
  await board.page.mouse.up();
  await board.shows(load, "delivered", "DELIVERED");
  const stored = await john.data(`/loads/${load.id}`);
  assert.deepEqual([stored.version, stored.updatedBy.id], [load.version + 1, maria.user.id]);
});

test("a session that was ended elsewhere leads to the login at the next move", async (t) => {
  const ending = await logIn(server, "john");
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: ending, allow: [/status of 401/, /WebSocket/] });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await ending.post("/auth/logout");
  // The page may have heard of it before the hand has moved.
  await board.drag(load, "delivered").catch(() => {});
  await visitor.page.waitForURL(/\/login/);
  assert.equal((await maria.data(`/loads/${load.id}`)).status, "AT_DELIVERY");
});
