// A person who uses the REST API.

import assert from "node:assert/strict";
import { send } from "./http.js";

export const API = "/api/v1";

/** Speaks to the API with a token, a cookie, or nothing. Each call answers with `status`, `headers` and `json`. */
export class Client {
  constructor(server, { token, cookie, headers = {}, user } = {}) {
    this.server = server;
    this.token = token;
    this.user = user;
    this.headers = { ...headers };
    if (token) this.headers.authorization = `Bearer ${token}`;
    if (cookie) this.headers.cookie = cookie;
  }

  get(path, options) {
    return this.send("GET", path, options);
  }

  post(path, body, options) {
    return this.send("POST", path, { ...json(body), ...options });
  }

  patch(path, body, options) {
    return this.send("PATCH", path, { ...json(body), ...options });
  }

  delete(path, options) {
    return this.send("DELETE", path, options);
  }

  send(method, path, { headers, ...rest } = {}) {
    const all = { ...(rest.body === undefined ? {} : JSON_HEADERS), ...this.headers, ...headers };
    return send(`${this.server.url}${API}${path}`, { method, headers: all, ...rest });
  }

  /** The answer's `data`, where the call must succeed. */
  async data(path) {
    const answer = await this.get(path);
    assert.equal(answer.status, 200, `GET ${path}: ${answer.text}`);
    return answer.json.data;
  }

  /** The same person, known by the cookie alone, as a browser is. */
  withCookie(headers = {}) {
    return new Client(this.server, { cookie: `auth_token=${this.token}`, headers, user: this.user });
  }
}

const JSON_HEADERS = { "content-type": "application/json" };

function json(body) {
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

/** `maria` is maria@acme.test, `maria@globex` is maria@globex.test. */
export function emailOf(who) {
  return `${who.includes("@") ? who : `${who}@acme`}.test`;
}

/** Logs a person in anew. */
export async function logIn(server, who, password = server.password) {
  const answer = await new Client(server).post("/auth/login", { email: emailOf(who), password });
  assert.equal(answer.status, 200, `login of ${who}: ${answer.text}`);
  const { token, user } = answer.json.data;
  return new Client(server, { token, user });
}

const logins = new WeakMap();

/** A person of a demo tenant, logged in once for each server. */
export function as(server, who) {
  if (!logins.has(server)) logins.set(server, new Map());
  const people = logins.get(server);
  if (!people.has(who)) people.set(who, logIn(server, who));
  return people.get(who);
}
