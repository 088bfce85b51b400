// Chat and notifications over the socket: who is there, who writes, what reaches whom, and what is made up for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { serverForThisFile } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { book, bookAt, step } from "../harness/trade.js";

const server = await serverForThisFile();
const names = ["admin", "maria", "john", "sam", "swift", "maria@globex"];
const [admin, maria, john, sam, swift, globex] = await Promise.all(names.map((who) => as(server, who)));
const UNKNOWN = "01999999-9999-7999-8999-999999999999";

const open = (t, person, namespace = "/chat", auth = {}) => follow(t, server, namespace, { token: person.token, auth });

const own = (person) => `user:${person.user.id}`;

/** Asks for what must be done. */
async function done(socket, event, payload) {
  const answer = await socket.ask(event, payload);
  assert.equal(answer.ok, true, JSON.stringify(answer));
  return answer;
}

function refusedWith(answer, code) {
  assert.deepEqual([answer.ok, answer.error?.code], [false, code], JSON.stringify(answer));
}

const count = (socket, event) => socket.received.filter((message) => message.event === event).length;

test("a message reaches everybody who takes part, on every device, joined or not", async (t) => {
  const load = await bookAt(maria, "TENDERED", { carrierId: swift.user.carrierId });
  const [desk, phone, office, colleague, stranger] = await Promise.all(
    [maria, maria, swift, sam, globex].map((person) => open(t, person)),
  );
  const command = { conversationId: load.id, body: "Which dock?", clientId: "one" };
  const { message } = await done(office, "message:send", command);
  for (const socket of [desk, phone, office, colleague]) {
    const { data, stream } = await socket.next("message:new", ({ data }) => data.id === message.id);
    assert.deepEqual(data, message);
    assert.equal(stream, socket === office ? `carrier:${swift.user.carrierId}` : "tenant");
  }
  assert.deepEqual((await done(office, "message:send", command)).message, message);
  assert.deepEqual(await desk.ask("message:read", { conversationId: load.id, messageId: message.id }), { ok: true, read: true });
  for (const socket of [phone, office]) {
    const { data } = await socket.next("message:read");
    assert.deepEqual([data.userId, data.messageId], [maria.user.id, message.id]);
  }
  assert.equal(count(phone, "message:new"), 1, "what was sent twice is told once");
  assert.equal(count(stranger, "message:new"), 0);
});

test("a message that was missed is made up for, in one's own stream as well", async (t) => {
  const { data: pair } = (await maria.post("/conversations", { memberIds: [john.user.id], title: "Shift" })).json;
  const before = await open(t, john);
  const { epoch, seq } = before.own;
  before.close();
  const desk = await open(t, maria);
  const { message } = await done(desk, "message:send", { conversationId: pair.id, body: "Call me" });
  const back = await open(t, john, "/chat", { cursors: { [own(john)]: { epoch, seq } } });
  const missed = await back.next("message:new", ({ data }) => data.id === message.id);
  assert.deepEqual([missed.stream, missed.seq], [own(john), seq + 1]);
  assert.equal(back.own.recovered, true);
});

test("those who have a conversation open see who comes, writes and goes", async (t) => {
  const load = await book(maria);
  const room = { conversationId: load.id };
  const [desk, phone, other] = await Promise.all([maria, maria, john].map((person) => open(t, person)));
  const presence = (who, present) => ({ data }) =>
    data.conversationId === load.id && data.person.id === who.user.id && data.present === present;
  assert.deepEqual(await desk.ask("join:conversation", room), { ok: true, joined: true });
  await done(other, "join:conversation", room);
  await desk.next("presence:update", presence(john, true));
  await other.next("presence:update", presence(maria, true));
  await done(phone, "join:conversation", room);

  assert.deepEqual(await desk.ask("typing", { ...room, typing: true }), { ok: true, heard: true });
  const typing = await other.next("typing");
  assert.deepEqual([typing.data.person.id, typing.data.typing, typing.seq], [maria.user.id, true, null]);
  await done(desk, "typing", { ...room, typing: true });
  await done(desk, "typing", { ...room, typing: false });
  assert.equal((await other.next("typing")).data.typing, false, "what was just said is not said again");
  assert.equal(count(desk, "typing") + count(phone, "typing"), 0, "a writer's own devices are told nothing");

  assert.deepEqual(await desk.ask("leave:conversation", room), { ok: true, left: true });
  refusedWith(await desk.ask("typing", { ...room, typing: true }), "bad_request");
  phone.close();
  const gone = await other.next("presence:update", presence(maria, false));
  assert.equal(gone.seq, null);
  const goings = other.received.filter(({ event, payload }) => event === "presence:update" && !payload.data.present);
  assert.equal(goings.length, 1, "a person is there as long as one device is");
});

test("who may not see a load has no part in its conversation, and who loses it leaves", async (t) => {
  const carrierId = swift.user.carrierId;
  const load = await bookAt(maria, "TENDERED", { carrierId });
  const room = { conversationId: load.id };
  const [desk, office, stranger] = await Promise.all([maria, swift, globex].map((person) => open(t, person)));
  const { message } = await done(desk, "message:send", { ...room, body: "Yours?" });
  const commands = (conversationId) => [
    ["join:conversation", { conversationId }],
    ["message:send", { conversationId, body: "Hello" }],
    ["message:read", { conversationId, messageId: message.id }],
    ["typing", { conversationId, typing: true }],
  ];
  for (const [event, payload] of commands(load.id)) refusedWith(await stranger.ask(event, payload), "not_found");
  for (const [event, payload] of commands(UNKNOWN)) refusedWith(await desk.ask(event, payload), "not_found");

  await done(desk, "join:conversation", room);
  await done(office, "join:conversation", room);
  const seen = (present) => ({ data }) => data.person.id === swift.user.id && data.present === present;
  await desk.next("presence:update", seen(true));
  await step(swift, load, "PENDING", "No truck");
  await desk.next("presence:update", seen(false));
  for (const [event, payload] of commands(load.id)) refusedWith(await office.ask(event, payload), "not_found");
  await done(desk, "typing", { ...room, typing: true });
  const { message: last } = await done(desk, "message:send", { ...room, body: "Find another" });
  await desk.next("message:new", ({ data }) => data.id === last.id);
  await done(office, "leave:conversation", room);
  assert.equal(count(office, "typing"), 0);
  assert.equal(office.received.some(({ payload }) => payload?.data?.id === last.id), false);
});

test("commands that can't be read or are out of bounds are bad requests", async (t) => {
  const load = await book(maria);
  const desk = await open(t, maria);
  for (const [event, payload] of [
    ["join:conversation", {}],
    ["message:send", { conversationId: load.id, body: " " }],
    ["message:send", { conversationId: load.id, body: "x".repeat(4_001) }],
    ["message:send", { conversationId: load.id, body: "x", clientId: "" }],
    ["message:send", { conversationId: load.id }],
    ["message:read", { conversationId: load.id }],
    ["typing", { conversationId: load.id, typing: "yes" }],
  ]) {
    refusedWith(await desk.ask(event, payload), "bad_request");
  }
});

test("a notification reaches all devices of one person, and so does that it was read", async (t) => {
  const [desk, phone, other] = await Promise.all([maria, maria, john].map((person) => open(t, person, "/notifications")));
  const sent = await admin.post("/notifications", {
    userIds: [maria.user.id], type: "warning", title: "Storm", message: "I-80 is closed", link: "/tracking",
  });
  assert.equal(sent.status, 201, sent.text);
  const [here, there] = await Promise.all([desk, phone].map((socket) => socket.next("notification:new")));
  assert.deepEqual(here, there);
  assert.deepEqual([here.data.type, here.data.title, here.data.link, here.stream], ["warning", "Storm", "/tracking", own(maria)]);
  const { id } = here.data;
  refusedWith(await other.ask("notification:read", { id }), "not_found");
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await desk.ask("notification:read", { id }), { ok: true, read: true });
  }
  assert.equal((await phone.next("notification:read")).data.id, id);
  const [newest] = await maria.data("/notifications?limit=1");
  assert.deepEqual([newest.id, typeof newest.readAt], [id, "string"]);
  assert.equal(count(desk, "notification:read"), 1);
  assert.equal(count(other, "notification:new"), 0);
});
