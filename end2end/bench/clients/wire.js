// One connection that speaks just enough of WebSocket, Engine.IO and Socket.IO to hear the events of one namespace. A
// whole client would take more of the machine than the server that is to be measured.

import { randomBytes } from "node:crypto";
import { connect } from "node:net";

const TEXT = 0x81;
const CLOSE = 0x88;
const GOODBYE = Buffer.from([CLOSE, 0x80, 0, 0, 0, 0]);

/** A frame as clients must send it: masked, here with zeros, which leave the text as it is. */
function frame(text) {
  const body = Buffer.from(text);
  const length = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([TEXT, ...length, 0, 0, 0, 0]), body]);
}

/** Where a frame's text begins and ends, or nothing as long as it is not there whole. */
function bounds(bytes, at) {
  if (bytes.length < at + 2) return undefined;
  let [begin, length] = [at + 2, bytes[at + 1]];
  if (length === 126) {
    if (bytes.length < at + 4) return undefined;
    [begin, length] = [at + 4, bytes.readUInt16BE(at + 2)];
  } else if (length === 127) {
    if (bytes.length < at + 10) return undefined;
    [begin, length] = [at + 10, Number(bytes.readBigUInt64BE(at + 2))];
  }
  return bytes.length < begin + length ? undefined : { begin, end: begin + length };
}

/**
 * `namespace` is connected to with `auth`; `ready` is kept once it is, and `welcomes` further events have come.
 * `hear(bytes, begin, end)` is called for each event; what it looks like is `42/namespace,["name",…`.
 */
export class Wire {
  #socket;
  #rest;
  #upgraded = false;
  #leaving = false;
  #namespace;
  #auth;
  #missing;
  #hear;
  #becomeReady;
  #fail;
  isOpen = false;
  pings = 0;

  constructor({ port, namespace, auth = {}, welcomes = 0 }, hear = () => {}) {
    [this.#namespace, this.#auth, this.#missing, this.#hear] = [namespace, auth, welcomes + 1, hear];
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve;
      this.#fail = reject;
    });
    this.closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.once("connect", () => this.#upgrade(port));
    this.#socket.on("data", (bytes) => this.#read(bytes));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.once("close", () => {
      this.isOpen = false;
      this.#fail(new Error("the server closed the connection"));
    });
    // Whoever opened it may have stopped waiting.
    this.ready.catch(() => {});
  }

  #upgrade(port) {
    const lines = [
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "Sec-WebSocket-Version: 13",
    ];
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  }

  #read(chunk) {
    let bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    let at = 0;
    if (!this.#upgraded) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end >= 0) {
        const status = bytes.latin1Slice(0, bytes.indexOf("\r\n"));
        if (!status.startsWith("HTTP/1.1 101")) return this.#break(`the server answered ${status}`);
        this.#upgraded = true;
        at = end + 4;
      }
    }
    if (this.#upgraded) {
      for (let text; (text = bounds(bytes, at)); at = text.end) this.#take(bytes, at, text);
    }
    // A copy, since a part would keep the whole chunk in memory.
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }

  #take(bytes, at, { begin, end }) {
    if (bytes[at] === CLOSE) return this.#socket.end();
    if (bytes[at] !== TEXT) return this.#break(`a frame of the kind 0x${bytes[at].toString(16)}`);
    const kind = bytes.latin1Slice(begin, Math.min(begin + 2, end));
    if (kind === "42") this.#takeEvent(bytes, begin, end);
    else if (kind === "2") {
      this.pings += 1;
      this.#say("3");
    } else if (kind.startsWith("0")) this.#say(`40${this.#namespace},${JSON.stringify(this.#auth)}`);
    else if (kind === "40") this.#count();
    else this.#break(`the server said ${bytes.utf8Slice(begin, end)}`);
  }

  #takeEvent(bytes, begin, end) {
    if (this.#missing > 0) this.#count();
    else this.#hear(bytes, begin, end);
  }

  #count() {
    this.#missing -= 1;
    if (this.#missing > 0) return;
    this.isOpen = true;
    this.#becomeReady();
  }

  #say(text) {
    this.#socket.write(frame(text));
  }

  #break(reason) {
    if (this.#leaving) return;
    this.#fail(new Error(reason));
    this.#socket.destroy();
  }

  /** Leaves the namespace, then the server, as the official client does; kept once the connection is closed. */
  async leave() {
    this.#leaving = true;
    this.#say(`41${this.#namespace},`);
    this.#socket.write(GOODBYE);
    await this.closed;
  }
}
