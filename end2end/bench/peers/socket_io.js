// The peer of a move: Socket.IO on node, bare and in memory. POST /move sends its body to everybody in the room.

import { createServer } from "node:http";
import { Server } from "socket.io";

process.once("message", () => {
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const move = JSON.parse(Buffer.concat(parts).toString("utf8"));
      namespace.to("tenant").emit("load:status:changed", move);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ data: move }));
    });
  });
  const io = new Server(server, { serveClient: false });
  const namespace = io.of("/dispatch");
  namespace.on("connection", (socket) => socket.join("tenant"));
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
});
