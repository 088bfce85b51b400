// A plain TCP balancer before some ports: round robin over those that accept. It can cut what it carries.
//
// It knows nothing of HTTP and sends each connection wherever its turn is. A polling session is many connections that
// must all reach the node that began it, so polling can't work behind it: tests go through it by WebSocket and by single
// REST requests only.

import { connect, createServer } from "node:net";
import { atEnd } from "./cleanup.js";

/** A balancer for one test, over ports of 127.0.0.1. */
export async function balancerFor(test, ports) {
  const balancer = new Balancer(ports);
  atEnd(test, () => balancer.close());
  await balancer.listen();
  return balancer;
}

export class Balancer {
  /** Connections that were carried so far, by port. */
  carried = new Map();
  /** Connections that were cut so far. */
  cuts = 0;
  #pairs = new Set();
  #turn = 0;
  #lifetime;
  #server = createServer({ allowHalfOpen: false }, (client) => this.#carry(client));

  constructor(ports) {
    this.ports = ports;
  }

  async listen() {
    // Any port that the system gives: what is cut is never down, so nobody else is given it meanwhile.
    await new Promise((resolve, reject) => this.#server.once("error", reject).listen(0, "127.0.0.1", resolve));
    this.port = this.#server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  /** How many connections are open now. */
  get open() {
    return this.#pairs.size;
  }

  async #carry(client) {
    client.on("error", () => {});
    client.setNoDelay(true);
    client.pause();
    const first = this.#turn;
    this.#turn += 1;
    for (let attempt = 0; attempt < this.ports.length; attempt += 1) {
      const port = this.ports[(first + attempt) % this.ports.length];
      const node = await reach(port);
      if (!node) continue;
      if (client.destroyed) return node.destroy();
      return this.#join({ client, node, port });
    }
    client.destroy();
  }

  #join(pair) {
    const { client, node, port } = pair;
    this.#pairs.add(pair);
    this.#limit(pair);
    this.carried.set(port, (this.carried.get(port) ?? 0) + 1);
    for (const [from, to] of [[client, node], [node, client]]) {
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", () => {
        clearTimeout(pair.timer);
        this.#pairs.delete(pair);
        to.destroy();
      });
    }
    client.resume();
  }

  /** From now on no connection lasts: each is cut between `least` and `most` milliseconds after it was made. */
  wearOut(least, most, random = Math.random) {
    this.#lifetime = () => least + random() * (most - least);
    for (const pair of this.#pairs) this.#limit(pair);
  }

  /** From now on connections last again. */
  holdOut() {
    this.#lifetime = undefined;
    for (const { timer } of this.#pairs) clearTimeout(timer);
  }

  #limit(pair) {
    if (this.#lifetime) pair.timer = setTimeout(() => this.#cut(pair), this.#lifetime());
  }

  /** Cuts one connection, the oldest; what is under way in it is lost. */
  cutOne() {
    const [oldest] = this.#pairs;
    return oldest !== undefined && this.#cut(oldest);
  }

  /** Cuts every connection, or those to one port. Gives how many. */
  cutAll(port) {
    const hit = [...this.#pairs].filter((pair) => port === undefined || pair.port === port);
    hit.forEach((pair) => this.#cut(pair));
    return hit.length;
  }

  #cut({ client, node }) {
    this.cuts += 1;
    // By turns with a reset and with a polite end; to the node it is always gone at once.
    if (this.cuts % 2 === 0) client.resetAndDestroy();
    else client.destroy();
    node.resetAndDestroy();
    return true;
  }

  async close() {
    for (const { client, node } of this.#pairs) {
      client.destroy();
      node.destroy();
    }
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function reach(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}
