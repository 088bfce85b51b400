// Engine.IO spoken by hand: a connection over polling or WebSocket that sends what a real client never would.

import { createRequire } from "node:module";
import { atEnd } from "./cleanup.js";
import { send } from "./http.js";
import { within } from "./wait.js";

// The WebSocket of the official client: no browser stands between the test and the wire.
const fromHere = createRequire(import.meta.url);
const fromClient = createRequire(fromHere.resolve("socket.io-client"));
const { WebSocket } = createRequire(fromClient.resolve("engine.io-client"))("ws");

const TIMEOUT = 10_000;
/** Stands between the packets of one payload. */
export const SEPARATOR = "\x1e";
const [PING, PONG] = ["2", "3"];

/** The address of the engine, with a query. `undefined` leaves a parameter out. */
export function engineUrl(server, query = {}) {
  const all = Object.entries({ EIO: "4", ...query }).filter(([, value]) => value !== undefined);
  return `${server.url}/socket.io/?${new URLSearchParams(all)}`;
}

/** Packets as they come, kept until somebody asks for them. */
class Mailbox {
  #packets = [];
  #waiting = [];

  put(packet) {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(packet);
    else this.#packets.push(packet);
  }

  take() {
    if (this.#packets.length > 0) return Promise.resolve(this.#packets.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** One WebSocket. Pings are answered and passed over, unless `mute`. */
export class RawSocket {
  #mailbox = new Mailbox();

  constructor(url, { mute = false, headers } = {}) {
    this.ws = new WebSocket(url, { headers });
    this.ws.on("message", (data, isBinary) => {
      const packet = isBinary ? data : data.toString("utf8");
      if (packet === PING && !mute) return this.ws.send(PONG);
      this.#mailbox.put(packet);
    });
    // An error is followed by the close, which is what tests wait for.
    this.ws.on("error", (error) => (this.error = error));
    this.closed = new Promise((resolve) => this.ws.once("close", resolve));
  }

  /** Opens a WebSocket; it is closed with the test, or with whatever has `after`. */
  static async open(test, server, { query, ...options } = {}) {
    const url = engineUrl(server, { transport: "websocket", ...query }).replace(/^http/, "ws");
    const socket = new RawSocket(url, options);
    atEnd(test, () => socket.ws.terminate());
    await within(new Promise((resolve) => socket.ws.once("open", resolve).once("error", resolve)), TIMEOUT, "the WebSocket");
    return socket;
  }

  /** Opens a WebSocket and reads the handshake, which is in `handshake`. */
  static async begin(test, server, options) {
    const socket = await RawSocket.open(test, server, options);
    socket.handshake = JSON.parse((await socket.next()).slice(1));
    return socket;
  }

  send(...packets) {
    for (const packet of packets) this.ws.send(packet);
  }

  next(timeout = TIMEOUT) {
    return within(this.#mailbox.take(), timeout, "a packet");
  }

  /** The next packet that begins like this. */
  async nextLike(beginning) {
    for (;;) {
      const packet = await this.next();
      if (typeof packet === "string" && packet.startsWith(beginning)) return packet;
    }
  }

  end(timeout = TIMEOUT) {
    return within(this.closed, timeout, "the connection's end");
  }
}

/** One session over polling. Pings are answered and passed over, unless `mute`. */
export class Polling {
  #ready = [];

  constructor(server, sid, mute) {
    this.server = server;
    this.sid = sid;
    this.mute = mute;
  }

  static async begin(server, { mute = false } = {}) {
    const answer = await send(engineUrl(server, { transport: "polling" }));
    const handshake = JSON.parse(answer.text.slice(1));
    return Object.assign(new Polling(server, handshake.sid, mute), { handshake, answer });
  }

  get url() {
    return engineUrl(this.server, { transport: "polling", sid: this.sid });
  }

  /** One request that waits for packets. */
  poll() {
    return send(this.url);
  }

  /** One request that brings packets. */
  post(...packets) {
    const headers = { "content-type": "text/plain;charset=UTF-8" };
    return send(this.url, { method: "POST", headers, body: packets.join(SEPARATOR) });
  }

  async next() {
    while (this.#ready.length === 0) {
      const { status, text } = await within(this.poll(), TIMEOUT, "a packet");
      if (status !== 200) throw new Error(`the session is closed: ${status} ${text}`);
      for (const packet of text.split(SEPARATOR)) {
        if (packet === PING && !this.mute) await this.post(PONG);
        else this.#ready.push(packet);
      }
    }
    return this.#ready.shift();
  }

  /** The next packet that begins like this. */
  async nextLike(beginning) {
    for (;;) {
      const packet = await this.next();
      if (packet.startsWith(beginning)) return packet;
    }
  }

  send(...packets) {
    return this.post(...packets);
  }

  /** Waits until the session is none any more. */
  async end(timeout = TIMEOUT) {
    for (;;) {
      const { status } = await within(this.poll(), timeout, "the session's end");
      if (status !== 200) return status;
    }
  }
}
