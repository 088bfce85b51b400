// Tokens and origins that must not open the API: each gets its exact error, and nothing changes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client, as, logIn } from "../harness/client.js";
import { changesNothing, refused } from "../harness/expect.js";
import { serverForThisFile } from "../harness/server.js";
import { badTokens, claimsOf, hmacToken, signingKey } from "../harness/tokens.js";
import { book, newLoad } from "../harness/trade.js";

const server = await serverForThisFile();
const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
const load = await book(maria);
const wish = await newLoad(maria);

/** Every kind of call that needs a login, made by `person`. */
const calls = (person, query = "") => ({
  me: () => person.get(`/auth/me${query}`),
  logout: () => person.post(`/auth/logout${query}`),
  refresh: () => person.post(`/auth/refresh${query}`),
  list: () => person.get(`/loads${query}`),
  board: () => person.get(`/loads/board${query}`),
  load: () => person.get(`/loads/${load.id}${query}`),
  events: () => person.get(`/events${query || "?"}&namespace=/dispatch`),
  book: () => person.post(`/loads${query}`, wish),
  patch: () => person.patch(`/loads/${load.id}${query}`, { version: 1, hot: true }),
  step: () => person.patch(`/loads/${load.id}/status${query}`, { status: "PENDING", version: 1 }),
  delete: () => person.delete(`/loads/${load.id}${query || "?"}&version=1`),
});
const WRITES = ["logout", "refresh", "book", "patch", "step", "delete"];

async function allRefused(attempts, code) {
  for (const [name, attempt] of Object.entries(attempts)) {
    const answer = await changesNothing(maria, load.id, attempt);
    assert.equal(refused(answer, code).code, code, name);
    assert.equal(answer.headers["set-cookie"], undefined, `${name} sets no cookie`);
  }
}

test("a call without a token: unauthorized", () => allRefused(calls(new Client(server)), "unauthorized"));

describe("a token that is not good, as header and as cookie", () => {
  for (const [name, token, code] of badTokens(server, maria.token)) {
    test(`${name}: ${code}`, async () => {
      const bearer = new Client(server, { token });
      await allRefused(calls(bearer), code);
      await allRefused(calls(bearer.withCookie()), code);
    });
  }
});

test("a token of somebody who is no user: unauthorized", async () => {
  const claims = { ...claimsOf(maria.token), sub: "01999999-9999-7999-8999-999999999999" };
  const ghost = new Client(server, { token: hmacToken(claims, signingKey(server)) });
  refused(await ghost.get("/auth/me"), "unauthorized");
  refused(await ghost.post("/auth/refresh"), "unauthorized");
});

test("an Authorization header of another scheme: unauthorized", async () => {
  const basic = Buffer.from(`maria@acme.test:${server.password}`).toString("base64");
  for (const authorization of [`Basic ${basic}`, maria.token, "Bearer", "Bearer "]) {
    await allRefused(calls(new Client(server, { headers: { authorization } })), "unauthorized");
  }
});

describe("a token in the query string, even a good one beside a good header", () => {
  for (const name of ["token", "auth_token", "access_token", "jwt", "Token"]) {
    test(`as ${name}: unauthorized`, async () => {
      const query = `?${name}=${maria.token}`;
      await allRefused(calls(new Client(server), query), "unauthorized");
      await allRefused(calls(maria, query), "unauthorized");
    });
  }
});

test("a cookie and a header that disagree: unauthorized", () => {
  const torn = new Client(server, { token: maria.token, cookie: `auth_token=${john.token}` });
  return allRefused(calls(torn), "unauthorized");
});

test("a cookie and a header that agree are as good as one", async () => {
  const both = new Client(server, { token: maria.token, cookie: `auth_token=${maria.token}` });
  assert.equal((await both.get("/auth/me")).status, 200);
});

describe("the cookie from a foreign origin", () => {
  const port = Number(new URL(server.url).port);
  const foreign = {
    "another site": { origin: "https://evil.example" },
    "another port": { origin: `http://127.0.0.1:${port + 1}` },
    "an origin that begins like ours": { origin: `${server.url}.evil.example` },
    "no origin at all, by name": { origin: "null" },
    "a cross-site request by Sec-Fetch-Site": { "sec-fetch-site": "cross-site" },
  };
  for (const [name, headers] of Object.entries(foreign)) {
    test(`${name}: forbidden_origin on every write`, () => {
      const all = calls(maria.withCookie(headers));
      return allRefused(Object.fromEntries(WRITES.map((write) => [write, all[write]])), "forbidden_origin");
    });
  }

  test("a login from another site: forbidden_origin", async () => {
    const body = { email: "maria@acme.test", password: server.password };
    const answer = await new Client(server).post("/auth/login", body, { headers: { origin: "https://evil.example" } });
    refused(answer, "forbidden_origin");
    assert.equal(answer.headers["set-cookie"], undefined);
  });

  test("its own origin is let through, and a header needs none", async () => {
    const person = await logIn(server, "maria");
    assert.equal((await person.withCookie({ origin: server.url }).get("/auth/me")).status, 200);
    const partner = new Client(server, { token: person.token, headers: { origin: "https://partner.example" } });
    assert.equal((await partner.get("/auth/me")).status, 200);
  });
});
