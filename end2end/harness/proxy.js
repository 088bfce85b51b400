// A proxy as some offices have one: plain HTTP gets through, WebSocket does not.

import { createServer, request } from "node:http";
import { atEnd } from "./cleanup.js";

/** A proxy for one test, before a server. It counts the upgrades that it has refused. */
export async function proxyFor(test, server) {
  const proxy = { refused: 0 };
  const http = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    const onward = request({ host: "127.0.0.1", port: server.port, method, path, headers }, (answered) => {
      answer.writeHead(answered.statusCode, answered.rawHeaders);
      answered.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  http.on("upgrade", (_, socket) => {
    proxy.refused += 1;
    socket.on("error", () => {});
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  await new Promise((resolve, reject) => http.once("error", reject).listen(0, "127.0.0.1", resolve));
  atEnd(test, () => {
    http.closeAllConnections();
    return new Promise((resolve) => http.close(resolve));
  });
  proxy.url = `http://127.0.0.1:${http.address().port}`;
  return proxy;
}
