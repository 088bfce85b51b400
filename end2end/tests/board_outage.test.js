// The board when the server or the socket is away: it says so, polls, comes back, and has missed nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { blocked, freezable } from "../harness/cut.js";
import { BoardPage } from "../harness/pages.js";
import { serverFor } from "../harness/server.js";
import { book, bookAt, step } from "../harness/trade.js";

const browser = await browserForThisFile();
// What a browser writes to its console while a server is away.
const AWAY = [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/, /WebSocket/];
const POLLS = 20_000;
const COMES_BACK = 40_000;

test("when the server is killed the board says so, and catches up once it is back", async (t) => {
  const server = await serverFor(t, { loads: 12 });
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john, allow: AWAY });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await server.kill();
  await board.becomes(/Reconnecting|Polling/);
  assert.ok(await board.card(load, "in-transit").isVisible(), "what was there stays readable");
  await board.becomes(/Polling every 10 s/, POLLS);
  await server.restart();
  await step(maria, load, "DELIVERED");
  await board.shows(load, "delivered", "DELIVERED", COMES_BACK);
  await board.becomes("Live", COMES_BACK);
});

test("a move that the board has missed before the server was killed is recovered", async (t) => {
  const server = await serverFor(t, { loads: 12 });
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john, allow: AWAY });
  const connection = await freezable(visitor);
  const board = await new BoardPage(visitor).open(load.loadNumber);
  connection.freeze();
  await step(maria, load, "DELIVERED");
  const booked = await book(maria);
  await board.shows(load, "in-transit", "AT_DELIVERY");
  await server.kill();
  connection.thaw();
  await board.becomes(/Reconnecting|Polling/);
  await server.restart();
  await board.becomes("Live", COMES_BACK);
  await board.shows(load, "delivered", "DELIVERED");
  await board.page.goto(`/dispatch?q=${booked.loadNumber}`);
  await board.shows(booked, "unassigned", "PLANNING");
});

test("Retry now tries at once", async (t) => {
  const server = await serverFor(t, { loads: 12 });
  const john = await as(server, "john");
  const visitor = await visit(t, browser, server, { person: john, allow: AWAY });
  const board = await new BoardPage(visitor).open();
  await server.kill();
  await board.becomes(/Polling/, POLLS);
  await server.restart();
  // The button leaves by itself when a probe was quicker.
  await board.page.getByRole("button", { name: "Retry now" }).click().catch(() => {});
  await board.becomes("Live");
});

test("a browser that never gets a socket polls, and says so", async (t) => {
  const server = await serverFor(t, { loads: 12 });
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john, allow: AWAY });
  await blocked(visitor);
  const board = new BoardPage(visitor);
  await visitor.page.goto(`/dispatch?q=${load.loadNumber}`);
  await board.shows(load, "in-transit", "AT_DELIVERY");
  await board.becomes("Polling every 10 s", POLLS);
  await step(maria, load, "DELIVERED");
  await board.shows(load, "delivered", "DELIVERED", POLLS);
  await board.drag(load, "completed");
  await board.shows(load, "completed", "COMPLETED");
});
