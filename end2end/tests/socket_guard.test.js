// Who may connect over Socket.IO, by the official client, over WebSocket and polling.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { atEnd } from "../harness/cleanup.js";
import { as, logIn } from "../harness/client.js";
import { serverForThisFile } from "../harness/server.js";
import { NAMESPACES, connect, follow, prepare, refusal } from "../harness/socket.js";
import { badTokens, claimsOf, hmacToken, signingKey } from "../harness/tokens.js";
import { within } from "../harness/wait.js";

const server = await serverForThisFile();
const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
const cookie = `auth_token=${maria.token}`;
const bearer = `Bearer ${maria.token}`;
const token = maria.token;

for (const transport of ["websocket", "polling"]) {
  const transports = [transport];

  describe(`let in over ${transport}`, () => {
    const good = {
      "a token in auth": { token },
      "a token in the header": { headers: { authorization: bearer } },
      "the cookie": { headers: { cookie } },
      "the cookie from its own origin": { headers: { cookie, origin: server.url } },
      "a header from a foreign origin, without the cookie": { headers: { authorization: bearer, origin: "https://partner.example" } },
      "three tokens that agree": { token, headers: { cookie, authorization: bearer } },
    };
    for (const [name, options] of Object.entries(good)) {
      test(name, async (t) => {
        for (const namespace of NAMESPACES) {
          const listener = await follow(t, server, namespace, { ...options, transports });
          assert.equal(listener.state.stream, "tenant");
          assert.equal(listener.socket.io.engine.transport.name, transport);
        }
      });
    }
  });

  describe(`refused over ${transport}`, () => {
    const bad = {
      "no token": [{}, "unauthorized"],
      "an empty token": [{ auth: { token: "" } }, "unauthorized"],
      "a token that is a number": [{ auth: { token: 7 } }, "unauthorized"],
      "a token in the query string": [{ query: { token } }, "unauthorized"],
      "a token in the query string beside a good one": [{ token, query: { auth_token: token } }, "unauthorized"],
      "a cookie and a token that disagree": [{ token: john.token, headers: { cookie } }, "unauthorized"],
      "a header and a token that disagree": [{ token: john.token, headers: { authorization: bearer } }, "unauthorized"],
      "the cookie from a foreign origin": [{ headers: { cookie, origin: "https://evil.example" } }, "forbidden_origin"],
      "the cookie from another port": [{ headers: { cookie, origin: "http://127.0.0.1:1" } }, "forbidden_origin"],
      "the cookie from no origin by name": [{ headers: { cookie, origin: "null" } }, "forbidden_origin"],
    };
    for (const [name, wrong, code] of badTokens(server, token)) {
      bad[`a token ${name}`] = [{ token: wrong }, code];
      bad[`a cookie ${name}`] = [{ headers: { cookie: `auth_token=${wrong}` } }, code];
    }
    for (const [name, [options, code]] of Object.entries(bad)) {
      test(`${name}: ${code}`, async (t) => {
        for (const namespace of NAMESPACES) {
          assert.equal(await refusal(t, server, namespace, { ...options, transports }), code);
        }
      });
    }

    test("the namespace / refuses even those who are known", async (t) => {
      assert.equal(await refusal(t, server, "/", { token, transports }), "unauthorized");
    });

    test("a namespace that there is none of is refused", async (t) => {
      const socket = prepare(server, "/elsewhere", { token, transports });
      atEnd(t, () => socket.disconnect());
      const refused = new Promise((resolve) => socket.once("connect_error", resolve));
      socket.connect();
      assert.equal((await within(refused, 10_000, "refusal")).message, "Invalid namespace");
    });

    test("after a refusal the same client gets in with a good token", async (t) => {
      const socket = prepare(server, "/dispatch", { auth: { token: "wrong" }, transports });
      atEnd(t, () => socket.disconnect());
      const once = (event) => within(new Promise((resolve) => socket.once(event, resolve)), 10_000, event);
      const refused = once("connect_error");
      socket.connect();
      assert.equal(JSON.parse((await refused).message).code, "unauthorized");
      socket.auth = { token };
      const connected = once("connect");
      socket.connect();
      await connected;
    });
  });
}

test("two namespaces share one connection", async (t) => {
  const dispatch = await connect(t, server, "/dispatch", { token });
  const events = dispatch.socket.io.socket("/events", { auth: { token } });
  atEnd(t, () => events.disconnect());
  const connected = new Promise((resolve, reject) => events.once("connect", resolve).once("connect_error", reject));
  events.connect();
  await within(connected, 10_000, "connection to /events");
  assert.equal(events.io, dispatch.socket.io);
  events.disconnect();
  assert.deepEqual((await dispatch.ask("nonsense", {})).ok, false, "the other namespace goes on");
});

test("a logout closes the sockets of that login, and of no other", async (t) => {
  const [leaving, staying] = [await logIn(server, "john"), await logIn(server, "john")];
  const closing = await Promise.all(
    ["/dispatch", "/events"].map((namespace) => follow(t, server, namespace, { token: leaving.token })),
  );
  const open = await follow(t, server, "/dispatch", { token: staying.token });
  const ends = Promise.all(closing.map((listener) => listener.closed()));
  await leaving.post("/auth/logout");
  await ends;
  assert.equal(await refusal(t, server, "/dispatch", { token: leaving.token }), "unauthorized");
  assert.ok(open.socket.connected);
});

test("a socket is warned before its login ends, and closed then", async (t) => {
  const exp = Math.floor(Date.now() / 1_000) + 3;
  const ending = hmacToken({ ...claimsOf(token), jti: "ending-soon", exp }, signingKey(server));
  const listener = await connect(t, server, "/dispatch", { token: ending });
  const closed = listener.closed();
  const warning = await listener.next("auth:expiring");
  assert.deepEqual(warning, { expiresAt: new Date(exp * 1_000).toISOString() });
  await closed;
  assert.ok(Date.now() >= exp * 1_000, "not before its end");
  assert.equal(await refusal(t, server, "/dispatch", { token: ending }), "expired");
});
