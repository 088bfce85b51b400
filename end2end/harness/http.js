// One HTTP request on a connection of its own, with every header under the test's control.

import { request } from "node:http";

const TIMEOUT = 30_000;

/** Sends a request; the answer has `status`, `headers`, `text`, and `json` where it is JSON. */
export function send(url, { method = "GET", headers = {}, body, chunks } = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const outgoing = request(url, { method, agent: false, headers: { ...length, ...headers } }, (incoming) => {
      const parts = [];
      incoming.on("data", (part) => parts.push(part));
      incoming.on("error", reject);
      incoming.on("end", () => resolve(answer(incoming, Buffer.concat(parts))));
    });
    outgoing.setTimeout(TIMEOUT, () => outgoing.destroy(new Error(`${method} ${url}: no answer in ${TIMEOUT} ms`)));
    // A server may refuse a body before it has read it; then the answer counts and the broken pipe does not.
    outgoing.on("error", reject);
    if (chunks) {
      for (const chunk of chunks) outgoing.write(chunk);
      outgoing.end();
    } else {
      outgoing.end(body);
    }
  });
}

function answer(incoming, bytes) {
  const kind = incoming.headers["content-type"] ?? "";
  const text = bytes.toString("utf8");
  const json = kind.startsWith("application/json") && text !== "" ? JSON.parse(text) : undefined;
  return { status: incoming.statusCode, headers: incoming.headers, bytes, text, json };
}
