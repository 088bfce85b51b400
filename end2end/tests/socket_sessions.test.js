// Sockets end with the login that opened them: at its end, at a logout, with a new password, and with the person.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { Client, as, emailOf, logIn } from "../harness/client.js";
import { refused } from "../harness/expect.js";
import { serverForThisFile } from "../harness/server.js";
import { NAMESPACES, Listener, connect, follow, refusal } from "../harness/socket.js";
import { badTokens, claimsOf } from "../harness/tokens.js";
import { within } from "../harness/wait.js";

const TTL = 5_000;
const WARNING = 2_000;
const brief = await serverForThisFile({
  loads: 10,
  settings: { AUTH__TOKEN_TTL: `${TTL}ms`, AUTH__EXPIRY_WARNING: `${WARNING}ms` },
});
const server = await serverForThisFile({ loads: 10 });

const [admin, john] = await Promise.all([as(server, "admin"), as(server, "john")]);

const endOf = ({ token }) => claimsOf(token).exp * 1_000;
/** How late a socket may be closed on a busy machine. */
const LATE = 5_000;

/** Sockets of a person in every namespace, each with a connection of its own. */
const openAll = (t, where, person, transport = "websocket") =>
  Promise.all(NAMESPACES.map((namespace) => follow(t, where, namespace, { token: person.token, transports: [transport] })));

/** Another namespace on the connection of a socket. */
async function share(listener, namespace, token) {
  const shared = new Listener(listener.socket.io.socket(namespace, { auth: { token } }));
  shared.socket.connect();
  await shared.next("stream:state");
  return shared;
}

async function answers(listener) {
  const answer = await listener.ask("nonsense", {});
  assert.equal(answer.error.code, "bad_request");
}

/** A new token of the same session. */
async function renewed(person) {
  const answer = await person.post("/auth/refresh");
  assert.equal(answer.status, 200, answer.text);
  const { token, expiresAt } = answer.json.data;
  return { token, expiresAt };
}

describe("the end of a login", { concurrency: true }, () => {
  for (const transport of ["websocket", "polling"]) {
    test(`is told before, and closes the socket then, in every namespace over ${transport}`, async (t) => {
      const person = await logIn(brief, "maria");
      const end = endOf(person);
      await Promise.all((await openAll(t, brief, person, transport)).map(async (listener) => {
        const closed = listener.closed(TTL + LATE);
        assert.deepEqual(await listener.next("auth:expiring"), { expiresAt: new Date(end).toISOString() });
        assert.ok(Date.now() >= end - WARNING, "not before its time");
        assert.ok(Date.now() < end, "before the end");
        assert.equal(await closed, "io server disconnect");
        assert.ok(Date.now() >= end, "not before the end");
        assert.equal(listener.received.filter(({ event }) => event === "auth:expiring").length, 1, "told once");
      }));
      assert.equal(await refusal(t, brief, "/dispatch", { token: person.token }), "expired");
    });
  }

  test("is put off by a new token, of which the same is told", async (t) => {
    const person = await logIn(brief, "john");
    const listener = await follow(t, brief, "/dispatch", { token: person.token });
    const closed = listener.closed(2 * TTL + LATE);
    await listener.next("auth:expiring");
    const { token, expiresAt } = await renewed(person);
    assert.ok(Date.parse(expiresAt) > endOf(person));
    assert.deepEqual(await listener.ask("auth:refresh", { token }), { ok: true, expiresAt });
    assert.deepEqual(await listener.next("auth:expiring"), { expiresAt });
    await answers(listener);
    await closed;
    assert.ok(Date.now() >= Date.parse(expiresAt), "not before the new end");
  });

  test("that was put off in time is not told of", async (t) => {
    const person = await logIn(brief, "sarah");
    const listener = await follow(t, brief, "/events", { token: person.token });
    // A token counts whole seconds: the next one ends later.
    let fresh = await renewed(person);
    while (Date.parse(fresh.expiresAt) === endOf(person)) fresh = await renewed(person);
    assert.equal((await listener.ask("auth:refresh", { token: fresh.token })).ok, true);
    assert.deepEqual(await listener.next("auth:expiring"), { expiresAt: fresh.expiresAt }, "of the new end alone");
  });

  test("that is put off in one namespace closes the others, and not their connection", async (t) => {
    const person = await logIn(brief, "sam");
    const kept = await follow(t, brief, "/dispatch", { token: person.token });
    const others = await Promise.all(["/events", "/chat"].map((namespace) => share(kept, namespace, person.token)));
    const ends = others.map((listener) => listener.closed(TTL + LATE));
    await kept.next("auth:expiring");
    const { token, expiresAt } = await renewed(person);
    assert.equal((await kept.ask("auth:refresh", { token })).ok, true);
    assert.deepEqual(await Promise.all(ends), ["io server disconnect", "io server disconnect"]);
    await answers(kept);
    assert.deepEqual(await kept.next("auth:expiring"), { expiresAt });
  });

  test("stays where a refresh is refused", async (t) => {
    const person = await logIn(brief, "admin");
    const listener = await follow(t, brief, "/dispatch", { token: person.token });
    const closed = listener.closed(TTL + LATE);
    assert.equal((await listener.ask("auth:refresh", { token: "nonsense" })).error.code, "forbidden");
    await listener.next("auth:expiring");
    assert.equal((await listener.ask("auth:refresh", { token: "nonsense" })).error.code, "forbidden");
    await closed;
    assert.ok(Date.now() >= endOf(person));
    assert.ok(Date.now() < endOf(person) + LATE);
  });
});

describe("a refresh", () => {
  test("by what is no good token is refused, and the socket goes on", async (t) => {
    const maria = await logIn(server, "maria");
    const listener = await follow(t, server, "/dispatch", { token: maria.token });
    for (const [name, token] of badTokens(server, maria.token)) {
      const answer = await listener.ask("auth:refresh", { token });
      assert.equal(answer.error?.code, "forbidden", name);
    }
    for (const payload of [undefined, null, {}, [], "token", { token: 7 }, { token: null }, { token: maria.token, extra: 1 }]) {
      const answer = await listener.ask("auth:refresh", payload);
      assert.equal(answer.error?.code, "bad_request", JSON.stringify(payload));
    }
    await answers(listener);
  });

  test("by another person's token is refused, and changes nothing of who one is", async (t) => {
    const maria = await logIn(server, "maria");
    const listener = await follow(t, server, "/dispatch", { token: maria.token });
    const others = await Promise.all(["admin", "john", "swift", "maria@globex"].map((who) => logIn(server, who)));
    for (const other of others) {
      const answer = await listener.ask("auth:refresh", { token: other.token });
      assert.equal(answer.error?.code, "forbidden", other.user.email);
    }
    // The others' logouts are none of hers.
    for (const other of others) await other.post("/auth/logout");
    await answers(listener);
  });

  test("by a token that was logged out is refused", async (t) => {
    const [staying, leaving] = [await logIn(server, "john"), await logIn(server, "john")];
    const listener = await follow(t, server, "/dispatch", { token: staying.token });
    await leaving.post("/auth/logout");
    assert.equal((await listener.ask("auth:refresh", { token: leaving.token })).error?.code, "forbidden");
    await answers(listener);
  });

  test("by a token of another session binds the socket to that one", async (t) => {
    const [first, second] = [await logIn(server, "john"), await logIn(server, "john")];
    const listener = await follow(t, server, "/dispatch", { token: first.token });
    assert.equal((await listener.ask("auth:refresh", { token: second.token })).ok, true);
    await first.post("/auth/logout");
    await answers(listener);
    const closed = listener.closed();
    await second.post("/auth/logout");
    await closed;
  });
});

describe("a logout", () => {
  for (const transport of ["websocket", "polling"]) {
    test(`closes the session's sockets in every namespace, over ${transport}, and no other's`, async (t) => {
      const [leaving, staying, other] = [await logIn(server, "maria"), await logIn(server, "maria"), await as(server, "john")];
      const closing = await openAll(t, server, leaving, transport);
      const open = [...(await openAll(t, server, staying, transport)), ...(await openAll(t, server, other, transport))];
      const ends = closing.map((listener) => listener.closed());
      await leaving.post("/auth/logout");
      assert.deepEqual(await Promise.all(ends), NAMESPACES.map(() => "io server disconnect"));
      for (const namespace of NAMESPACES) {
        assert.equal(await refusal(t, server, namespace, { token: leaving.token }), "unauthorized");
      }
      await Promise.all(open.map(answers));
    });
  }

  test("closes all namespaces of a shared connection", async (t) => {
    const person = await logIn(server, "maria");
    const first = await follow(t, server, NAMESPACES[0], { token: person.token });
    const all = [first];
    for (const namespace of NAMESPACES.slice(1)) all.push(await share(first, namespace, person.token));
    const ends = all.map((listener) => listener.closed());
    await person.post("/auth/logout");
    await Promise.all(ends);
  });

  test("closes what was opened with any token of the session", async (t) => {
    const person = await logIn(server, "maria");
    const { token } = await renewed(person);
    const listeners = await Promise.all(
      [person.token, token].map((either) => follow(t, server, "/dispatch", { token: either })),
    );
    const ends = listeners.map((listener) => listener.closed());
    await new Client(server, { token }).post("/auth/logout");
    await Promise.all(ends);
    assert.equal(await refusal(t, server, "/dispatch", { token: person.token }), "unauthorized");
  });

  test("at the very moment of a connect leaves no socket open", async (t) => {
    for (let round = 0; round < 10; round += 1) {
      const person = await logIn(server, "john");
      const connecting = Promise.allSettled(
        NAMESPACES.map((namespace) => connect(t, server, namespace, { token: person.token })),
      );
      await person.post("/auth/logout");
      for (const { status, value } of await connecting) {
        if (status === "fulfilled") await value.closed();
      }
    }
  });
});

describe("what ends all sessions of a person", () => {
  const PASSWORD = "a password for now";

  /** A new person with two sessions, and a socket of each in every namespace. */
  const someone = async (t) => {
    const name = `temp-${randomBytes(4).toString("hex")}`;
    const fields = { email: emailOf(name), name: "Terry Temp", role: "dispatcher", password: PASSWORD };
    const answer = await admin.post("/users", fields);
    assert.equal(answer.status, 201, answer.text);
    const sessions = [await logIn(server, name, PASSWORD), await logIn(server, name, PASSWORD)];
    const sockets = (await Promise.all(sessions.map((session) => openAll(t, server, session)))).flat();
    const bystander = await follow(t, server, "/dispatch", { token: john.token });
    return { id: answer.json.data.id, name, sessions, sockets, bystander };
  };

  /** After `action`, all sockets of the person are closed, and their tokens let nobody in. */
  const ends = async (t, { sessions, sockets, bystander }, action) => {
    const closed = Promise.all(sockets.map((listener) => listener.closed()));
    const answer = await action();
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(new Set(await within(closed, 10_000, "the end of all sockets")), new Set(["io server disconnect"]));
    for (const session of sessions) {
      assert.equal(await refusal(t, server, "/dispatch", { token: session.token }), "unauthorized");
      refused(await session.get("/auth/me"), "unauthorized");
      refused(await session.post("/auth/refresh"), "unauthorized");
    }
    await answers(bystander);
    return answer;
  };

  test("a new password of one's own, and the session that is answered begins", async (t) => {
    const person = await someone(t);
    const fields = { currentPassword: PASSWORD, newPassword: "another password" };
    const answer = await ends(t, person, () => person.sessions[0].post("/auth/password", fields));
    const { token } = answer.json.data;
    assert.match(answer.headers["set-cookie"][0], new RegExp(`^auth_token=${token};`));
    await answers(await follow(t, server, "/dispatch", { token }));
    const old = { email: emailOf(person.name), password: PASSWORD };
    refused(await new Client(server).post("/auth/login", old), "unauthorized");
    await logIn(server, person.name, "another password");
  });

  test("not a new password that is refused", async (t) => {
    const person = await someone(t);
    const [session] = person.sessions;
    const wrong = { currentPassword: "guessed it?", newPassword: "another password" };
    assert.ok([401, 403, 422].includes((await session.post("/auth/password", wrong)).status));
    const short = { currentPassword: PASSWORD, newPassword: "short" };
    refused(await session.post("/auth/password", short), "rule_broken");
    await Promise.all(person.sockets.map(answers));
  });

  test("a new password that an admin sets", async (t) => {
    const person = await someone(t);
    await ends(t, person, () => admin.post(`/users/${person.id}/password`, { password: "another password" }));
    await logIn(server, person.name, "another password");
  });

  test("not one that somebody else wanted to set", async (t) => {
    const person = await someone(t);
    const foreign = await as(server, "admin@globex");
    const body = { password: "another password" };
    refused(await john.post(`/users/${person.id}/password`, body), "forbidden");
    refused(await foreign.post(`/users/${person.id}/password`, body), "not_found");
    refused(await foreign.delete(`/users/${person.id}`), "not_found");
    await Promise.all(person.sockets.map(answers));
  });

  test("the person's removal", async (t) => {
    const person = await someone(t);
    await ends(t, person, () => admin.delete(`/users/${person.id}`));
    const login = { email: emailOf(person.name), password: PASSWORD };
    refused(await new Client(server).post("/auth/login", login), "unauthorized");
  });

  test("another role", async (t) => {
    const person = await someone(t);
    await ends(t, person, () => admin.patch(`/users/${person.id}`, { role: "support" }));
    assert.equal((await logIn(server, person.name, PASSWORD)).user.role, "support");
  });
});
