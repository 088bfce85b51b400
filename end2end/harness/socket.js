// The official Socket.IO client, with a memory of what it was sent.

import assert from "node:assert/strict";
import { io } from "socket.io-client";
import { atEnd } from "./cleanup.js";
import { within } from "./wait.js";

const TIMEOUT = 10_000;

export const NAMESPACES = ["/events", "/dispatch", "/tracking", "/notifications", "/chat"];

/** Where a person has a stream of one's own beside that of the audience. */
export const PERSONAL = ["/notifications", "/chat"];

/** One socket in one namespace. */
export class Listener {
  /** Everything that was sent, in order: `{ event, payload }`. */
  received = [];
  #taken = new Set();
  #waiting = new Set();

  /** `heard` is told of each message as it comes. */
  constructor(socket, heard = () => {}) {
    this.socket = socket;
    socket.onAny((event, ...payloads) => {
      assert.equal(payloads.length, 1, `${event} has one argument`);
      this.received.push({ event, payload: payloads[0] });
      heard(event, payloads[0]);
      for (const look of this.#waiting) look();
    });
  }

  /** The first event of this name that fits and was not given before. */
  next(event, fits = () => true, timeout = TIMEOUT) {
    let look;
    const found = new Promise((resolve) => {
      look = () => {
        const match = this.received.find(
          (message) => message.event === event && !this.#taken.has(message) && fits(message.payload),
        );
        if (!match) return;
        this.#taken.add(match);
        this.#waiting.delete(look);
        resolve(match.payload);
      };
      this.#waiting.add(look);
      look();
    });
    return within(found, timeout, `event ${event}`).finally(() => this.#waiting.delete(look));
  }

  /** The numbered events that were sent so far. */
  get numbered() {
    return this.received.filter(({ payload }) => Number.isInteger(payload?.seq) && payload.event).map((m) => m.payload);
  }

  /** Sends an event and waits for its answer. */
  ask(event, ...payload) {
    return this.socket.timeout(TIMEOUT).emitWithAck(event, ...payload);
  }

  /** Waits until the socket is closed, and says why. */
  async closed(timeout = TIMEOUT) {
    if (this.socket.disconnected) return "before";
    return within(new Promise((resolve) => this.socket.once("disconnect", resolve)), timeout, "the socket's end");
  }

  close() {
    this.socket.disconnect();
  }
}

/** A socket that is not yet connected. `token` goes into `auth`; further `auth`, `headers` and `query` as given. */
export function prepare(server, namespace, { token, auth = {}, headers, query, transports = ["websocket"] } = {}) {
  return io(`${server.url}${namespace}`, {
    auth: token ? { token, ...auth } : auth,
    extraHeaders: headers,
    query,
    transports,
    forceNew: true,
    reconnection: false,
    autoConnect: false,
    timeout: TIMEOUT,
  });
}

/** Connects; the socket is closed with the test. `options.heard` is told of each message as it comes. */
export async function connect(test, server, namespace, options) {
  const socket = prepare(server, namespace, options);
  atEnd(test, () => socket.disconnect());
  const listener = new Listener(socket, options?.heard);
  const connected = new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  socket.connect();
  await within(connected, TIMEOUT, `connection to ${namespace}`);
  return listener;
}

/**
 * Connects and waits until the server has said where each of the person's streams stands: from then on nothing is missed.
 * `state` is that of the audience, `own` that of the person's own where there is one; a driver's are the same.
 */
export async function follow(test, server, namespace, options) {
  const listener = await connect(test, server, namespace, options);
  const isOwn = ({ stream }) => stream.startsWith("user:");
  listener.state = await listener.next("stream:state");
  if (PERSONAL.includes(namespace)) {
    listener.own = isOwn(listener.state) ? listener.state : await listener.next("stream:state", isOwn);
  }
  return listener;
}

/** Tries to connect where it must be refused; gives what `connect_error` said, read as JSON. */
export async function refusal(test, server, namespace, options) {
  const socket = prepare(server, namespace, options);
  atEnd(test, () => socket.disconnect());
  const refused = new Promise((resolve, reject) => {
    socket.once("connect", () => reject(new Error(`${namespace} let the client in`)));
    socket.once("connect_error", resolve);
  });
  socket.connect();
  const error = await within(refused, TIMEOUT, `refusal by ${namespace}`);
  const said = JSON.parse(error.message);
  assert.deepEqual(Object.keys(said).sort(), ["code", "message"]);
  assert.ok(said.message.length > 5, "says why");
  return said.code;
}
