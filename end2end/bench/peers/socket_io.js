// The peer of everything live: Socket.IO on node, bare and in memory. POST /emit/EVENT sends its body to everybody in
// the room, under that name.

import { createServer } from "node:http";
import { Server } from "socket.io";

process.once("message", () => {
  const server = createServer((request, response) => {
    const event = request.url.slice("/emit/".length);
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const payload = JSON.parse(Buffer.concat(parts).toString("utf8"));
      namespace.to("tenant").emit(event, payload);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(payload));
    });
  });
  const io = new Server(server, { serveClient: false });
  const namespace = io.of("/dispatch");
  namespace.on("connection", (socket) => socket.join("tenant"));
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  process.on("message", () => {
    globalThis.gc();
    process.send("collected");
  });
});
