// Redis spoken by hand: somebody who can reach it, hears everything and publishes what they like.

import { connect } from "node:net";
import { once } from "node:events";
import { atEnd } from "./cleanup.js";

const arrayOf = (...words) =>
  words.reduce((sent, word) => `${sent}$${Buffer.byteLength(word)}\r\n${word}\r\n`, `*${words.length}\r\n`);

/** Listens to every channel of the pattern. `heard` holds `{ channel, text }`, in order. */
export async function eavesdrop(test, redis, pattern) {
  const socket = await open(test, redis);
  const heard = [];
  let buffer = Buffer.alloc(0);
  socket.on("data", (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (let message = take(); message; message = take()) {
      if (message[0] === "pmessage") heard.push({ channel: message[2], text: message[3] });
    }
  });
  /** The next whole array of words; what is counted is a word as well. */
  const take = () => {
    let at = 0;
    const line = () => {
      const end = buffer.indexOf("\r\n", at);
      if (end < 0) return undefined;
      const text = buffer.toString("utf8", at, end);
      at = end + 2;
      return text;
    };
    const head = line();
    if (head === undefined) return undefined;
    const words = [];
    for (let left = Number(head.slice(1)); left > 0; left -= 1) {
      const kind = line();
      if (kind === undefined) return undefined;
      if (kind.startsWith(":")) {
        words.push(kind.slice(1));
        continue;
      }
      const length = Number(kind.slice(1));
      if (buffer.length < at + length + 2) return undefined;
      words.push(buffer.toString("utf8", at, at + length));
      at += length + 2;
    }
    buffer = buffer.subarray(at);
    return words;
  };
  socket.write(arrayOf("PSUBSCRIBE", pattern));
  return heard;
}

/** Publishes on a channel; gives how many heard it. */
export async function publish(test, redis, channel, text) {
  const socket = await open(test, redis);
  socket.write(arrayOf("PUBLISH", channel, text));
  const [answer] = await once(socket, "data");
  socket.end();
  return Number(answer.toString().slice(1));
}

async function open(test, { port }) {
  const socket = connect(port, "127.0.0.1");
  atEnd(test, () => socket.destroy());
  await once(socket, "connect");
  return socket;
}
