// A move with 200 sockets: from the request to the event at another socket, and at the last of all, beside Socket.IO
// on node, bare and in memory, in the same run.

import { io } from "socket.io-client";
import { as } from "../harness/client.js";
import { send } from "../harness/http.js";
import { Server } from "../harness/server.js";
import { STATUSES, bookAt } from "../harness/trade.js";
import { milliseconds, percentile, ratio } from "./figures.js";
import { startPeer } from "./peers/start.js";

export const title = "A move, from the request to the other socket's event (200 sockets)";

const SOCKETS = 200;
const LOADS = 30;
const WARM_UP = 20;

/** Connects all sockets to /dispatch, one after the other. */
async function connectAll(url, auths) {
  const sockets = [];
  for (const auth of auths) {
    const socket = io(`${url}/dispatch`, { auth, transports: ["websocket"], forceNew: true, reconnection: false });
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject));
    sockets.push(socket);
  }
  return sockets;
}

/** Times `moves`: each sends a request and names the load and version that its event carries. */
async function time(sockets, moves) {
  const firsts = [];
  const lasts = [];
  for (const move of moves) {
    const began = performance.now();
    let first;
    const arrivals = sockets.map(
      (socket, index) =>
        new Promise((resolve) => {
          socket.once("load:status:changed", () => {
            // The first socket is another dispatcher's.
            if (index === 0) first = performance.now() - began;
            resolve();
          });
        }),
    );
    await Promise.all([move(), ...arrivals]);
    firsts.push(first);
    lasts.push(performance.now() - began);
  }
  return [firsts, lasts].map((times) => times.slice(WARM_UP));
}

async function own() {
  const server = await Server.start({ loads: 50 });
  try {
    const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
    const loads = [];
    for (let n = 0; n < LOADS; n += 1) loads.push(await bookAt(maria, "PLANNING"));
    const auths = Array.from({ length: SOCKETS }, () => ({ token: john.token }));
    const sockets = await connectAll(server.url, auths);
    let example;
    sockets[0].on("load:status:changed", (event) => (example = event));
    const moves = STATUSES.slice(1, -1).flatMap((status) =>
      loads.map((load) => async () => {
        const answer = await maria.patch(`/loads/${load.id}/status`, { status, version: load.version });
        if (answer.status !== 200) throw new Error(answer.text);
        load.version = answer.json.data.version;
      }),
    );
    const times = await time(sockets, moves);
    for (const socket of sockets) socket.disconnect();
    return { times, example, count: moves.length };
  } finally {
    await server.close();
  }
}

/** The same event, the same number of times, to as many sockets. */
async function peer(example, count) {
  const bare = await startPeer("socket_io");
  const sockets = await connectAll(bare.url, Array.from({ length: SOCKETS }, () => ({})));
  const body = JSON.stringify(example);
  const url = `${bare.url}/emit/load:status:changed`;
  const move = () => send(url, { method: "POST", body, headers: { "content-type": "application/json" } });
  const times = await time(sockets, Array.from({ length: count }, () => move));
  for (const socket of sockets) socket.disconnect();
  await bare.stop();
  return times;
}

export async function measure() {
  const { times, example, count } = await own();
  const theirs = await peer(example, count);
  const rows = [["moves", String(count - WARM_UP)]];
  for (const [index, where] of ["another dispatcher's socket", `the last of ${SOCKETS} sockets`].entries()) {
    for (const percent of [50, 99]) {
      const [mine, other] = [times, theirs].map((all) => percentile(all[index], percent));
      rows.push([`p${percent} at ${where}`, `${milliseconds(mine)}, ${ratio(mine, other)} (${milliseconds(other)})`]);
    }
  }
  return rows;
}
