// The servers of the realtime benchmarks behind one face: Headhaul, Socket.IO on node, and bare socketioxide.

import { as } from "../harness/client.js";
import { send } from "../harness/http.js";
import { Server } from "../harness/server.js";
import { bookAt } from "../harness/trade.js";
import { within } from "../harness/wait.js";
import { Wire } from "./clients/wire.js";
import { startBare, startPeer } from "./peers/start.js";
import { childWith } from "./usage.js";

/** What is measured: a change that a dispatcher makes, stored, and told to everybody. */
export const EVENT = "load:updated";

const TIMEOUT = 10_000;

const SETTINGS = { LIMITS__SOCKETS_PER_USER: 1_000_000, LIMITS__CONNECTS_PER_USER: 1_000_000, LIMITS__CONNECTS_PER_ADDRESS: 1_000_000 };

/** Rows that say why the figures lack the floor, where they do. */
export const missing = (servers) =>
  servers.some(({ name }) => name === "floor")
    ? []
    : [["floor", "not built: cargo build --release -p server --example bare_socketioxide"]];

/**
 * Each has `name`, `pid`, `fire()`, which has the event sent, `settle()`, `stop()`, and two targets for connections:
 * `target`, whom the event reaches, and `newcomer`, who comes and goes.
 */
export async function startOwn() {
  const server = await Server.start({ loads: 50, settings: SETTINGS });
  try {
    const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
    let load = await bookAt(maria, "PLANNING");
    const auth = { token: john.token };
    return {
      name: "own",
      server,
      pid: childWith("HEADHAUL_SERVER__ADDR", `127.0.0.1:${server.port}`),
      // The first event says where the stream stands.
      target: { port: server.port, namespace: "/dispatch", auth, welcomes: 1 },
      // Here a dispatcher is in two streams: that of the tenant and one of their own.
      newcomer: { port: server.port, namespace: "/notifications", auth, welcomes: 2 },
      async fire() {
        const answer = await maria.patch(`/loads/${load.id}`, { version: load.version, hot: !load.hot });
        if (answer.status !== 200) throw new Error(answer.text);
        load = answer.json.data;
      },
      async settle() {},
      stop: () => server.close(),
    };
  } catch (error) {
    await server.close().catch(() => {});
    throw error;
  }
}

export const startNode = async () => peer("node", await startPeer("socket_io"));

/** Nothing, where it has not been built. */
export async function startFloor() {
  const bare = await startBare();
  return bare && peer("floor", bare);
}

/** All that there are, the own server first. */
export async function startAll() {
  const servers = [];
  try {
    for (const start of [startOwn, startNode, startFloor]) servers.push(await start());
    return servers.filter(Boolean);
  } catch (error) {
    await Promise.allSettled(servers.map((server) => server.stop()));
    throw error;
  }
}

function peer(name, started) {
  const target = { port: started.port, namespace: "/dispatch" };
  return {
    name,
    pid: started.pid,
    target,
    newcomer: target,
    /** `example` is an event as the own server sent it. */
    async fire() {
      const headers = { "content-type": "application/json" };
      const body = this.example;
      const answer = await send(`${started.url}/emit/${EVENT}`, { method: "POST", body, headers });
      if (answer.status !== 200) throw new Error(answer.text);
    },
    settle: async () => started.collect?.(),
    stop: () => started.stop(),
  };
}

/** Has the peers send what the own server sends; gives the size of one frame in bytes. */
export async function agreeOnTheEvent([own, ...peers]) {
  let hear;
  const heard = new Promise((resolve) => (hear = resolve));
  const wire = new Wire(own.target, (bytes, begin, end) => {
    const text = bytes.utf8Slice(begin, end);
    const [event, envelope] = JSON.parse(text.slice(text.indexOf("[")));
    if (event === EVENT) hear({ envelope, bytes: end - begin });
  });
  await within(wire.ready, TIMEOUT, "connection to the own server");
  await own.fire();
  const { envelope, bytes } = await within(heard, TIMEOUT, EVENT);
  await wire.leave();
  for (const peer of peers) peer.example = JSON.stringify(envelope);
  return bytes;
}
