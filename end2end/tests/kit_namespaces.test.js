// Five namespaces on one connection: live when each is connected, and in use as far as they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";
import { watched } from "../harness/wire.js";

const NAMESPACES = ["/chat", "/dispatch", "/events", "/notifications", "/tracking"];
const POLLS = 20_000;
const COMES_BACK = 40_000;

const server = await serverForThisFile({ loads: 12 });
const browser = await browserForThisFile();

test("a tab connects to all namespaces on one connection, and hears of each where its streams stand", async (t) => {
  const maria = await as(server, "maria");
  const visitor = await visit(t, browser, server, { person: maria });
  const wire = watched(visitor);
  await new BoardPage(visitor).open();
  assert.deepEqual([wire.opened, wire.open], [1, 1]);
  const connected = wire.sent.flatMap((frame) => /^40(\/[a-z]+),/.exec(frame)?.[1] ?? []);
  assert.deepEqual(connected.toSorted(), NAMESPACES);
  const mine = `user:${maria.user.id}`;
  const streams = [
    ["/chat", "tenant"], ["/chat", mine], ["/dispatch", "tenant"], ["/events", "tenant"], ["/notifications", "tenant"],
    ["/notifications", mine], ["/tracking", "tenant"],
  ];
  const told = () => wire.heard("stream:state").map(({ namespace, payload }) => [namespace, payload.stream]).toSorted();
  await until(() => told().length === streams.length, "each stream is told of");
  assert.deepEqual(told(), streams);
});

test("a new connection names the place of every stream of every namespace", async (t) => {
  const server = await serverFor(t, { loads: 12 });
  const maria = await as(server, "maria");
  const away = [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/, /WebSocket/];
  const visitor = await visit(t, browser, server, { person: maria, allow: away });
  const wire = watched(visitor);
  const board = await new BoardPage(visitor).open();
  await until(() => wire.heard("stream:state").length === 7, "each stream is told of");
  await server.kill();
  await board.becomes(/Reconnecting|Polling/);
  wire.sent.length = 0;
  wire.received.length = 0;
  await server.restart();
  await board.becomes("Live", COMES_BACK);
  const places = wire.sent.flatMap((frame) => {
    const [, namespace, auth] = /^40(\/[a-z]+),(.*)$/s.exec(frame) ?? [];
    return namespace ? [[namespace, Object.keys(JSON.parse(auth).cursors).length]] : [];
  });
  const counts = Object.fromEntries(places);
  assert.deepEqual(counts, { "/chat": 2, "/dispatch": 1, "/events": 1, "/notifications": 2, "/tracking": 1 });
  await until(() => wire.heard("stream:state").length >= 7, "each stream is told of");
  assert.ok(wire.heard("stream:state").every(({ payload }) => payload.recovered), "and none was lost");
});

test("while one namespace refuses, the page polls and says so, hears the others, and is live once it is let in", async (t) => {
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
  let load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john });
  let refuses = true;
  await visitor.page.routeWebSocket(/\/socket\.io\//, (socket) => {
    const upstream = socket.connectToServer();
    upstream.onMessage((message) => socket.send(message));
    socket.onMessage((message) => {
      if (!refuses || !String(message).startsWith("40/chat,")) return upstream.send(message);
      const reason = JSON.stringify({ code: "internal", message: "Not now." });
      socket.send(`44/chat,${JSON.stringify({ message: reason })}`);
    });
  });
  const board = new BoardPage(visitor);
  await visitor.page.goto(`/dispatch?q=${load.loadNumber}`);
  await board.becomes("Polling every 10 s", POLLS);
  const room = await visitor.page.evaluate((load) => window.headhaulRealtime.mount("room", load), load.id);
  // The socket of /dispatch is connected: no poll is that quick twice.
  for (const status of ["DELIVERED", "COMPLETED"]) {
    load = await step(maria, load, status);
    await board.shows(load, status.toLowerCase(), status, 2_000);
  }
  refuses = false;
  await board.becomes("Live", COMES_BACK);
  await until(async () => (await visitor.page.evaluate((key) => window.headhaulRealtime.shown(key), room)) === "Joined", "rooms are joined");
});
