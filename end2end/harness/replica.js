// A small client that keeps the contract to the letter, and so holds a true copy of the board however its connection goes.
//
// It keeps the cards of a snapshot by their ids, applies what follows in the order of the numbers, drops what it knows,
// asks for what it finds missing, and fetches anew when it is told that what it missed is gone. It notes whatever the
// server does that the contract does not allow.

import { isDeepStrictEqual } from "node:util";
import { io } from "socket.io-client";
import { assertNoMoney } from "./expect.js";
import { until } from "./wait.js";

const NAMESPACE = "/dispatch";

export class Replica {
  /** The cards, by id. */
  cards = new Map();
  /** What happened; gaps by how they were noticed. */
  counts = {
    applied: 0,
    dropped: 0,
    lost: 0,
    cuts: 0,
    recovered: 0,
    anew: 0,
    snapshots: 0,
    gapsByNumber: 0,
    gapsByState: 0,
  };
  /** What the server did and may not do. */
  faults = [];
  /** What was applied, by number: `id event version`. */
  log = new Map();
  #inbox = [];
  #isWorking = false;
  #isClosed = false;

  /**
   * `person` is of harness/client.js. `lingers` gives after a cut, if it gives anything, a promise of when to come
   * back; `loses` says of each event whether it is lost on the way, as one is that finds the server's buffer full.
   */
  static async open(person, { lingers = () => {}, loses = () => false } = {}) {
    const replica = new Replica(person);
    await replica.#fetchSnapshot();
    replica.#connect(lingers, loses);
    return replica;
  }

  constructor(person) {
    this.person = person;
    this.seesMoney = person.user.permissions.includes("finance_view");
  }

  #connect(lingers, loses) {
    this.socket = io(`${this.person.server.url}${NAMESPACE}`, {
      // A new token is not needed here; the cursor is that of the moment, not of the first connection.
      auth: (send) => send({ token: this.person.token, cursors: { [this.stream]: { ...this.cursor } } }),
      transports: ["websocket"],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
      timeout: 5_000,
    });
    this.socket.onAny((event, payload) => {
      if (payload.seq !== undefined && payload.event !== undefined && loses()) this.counts.lost += 1;
      else this.#take({ event, payload });
    });
    this.socket.on("disconnect", (reason) => {
      if (this.#isClosed) return;
      this.counts.cuts += 1;
      // After "io server disconnect" the client does not come back by itself. The server had no cause for it.
      if (reason === "io server disconnect") this.faults.push("the server closed the socket");
      const away = lingers();
      if (!away && reason !== "io server disconnect") return;
      this.socket.disconnect();
      Promise.resolve(away).then(() => this.#isClosed || this.socket.connect());
    });
    this.socket.on("connect_error", (error) => {
      // A refusal is JSON; anything else is a connection that failed, and is tried again by itself.
      if (!error.message.startsWith("{")) return;
      this.faults.push(`refused: ${error.message}`);
    });
  }

  #take(message) {
    this.#inbox.push(message);
    if (!this.#isWorking) this.#work();
  }

  /** Works off what came, one after the other; what comes while it asks the server waits. */
  async #work() {
    this.#isWorking = true;
    for (let message; (message = this.#inbox.shift()); ) {
      if (message.event === "stream:state") await this.#heedState(message.payload);
      else if (message.event !== "auth:expiring") await this.#heed(message.payload);
    }
    this.#isWorking = false;
  }

  async #heedState({ stream, epoch, seq, recovered }) {
    if (stream !== this.stream) return void this.faults.push(`the state of ${stream}`);
    if (!recovered || epoch !== this.cursor.epoch) {
      this.counts.anew += 1;
      return this.#fetchSnapshot();
    }
    this.counts.recovered += 1;
    if (seq > this.cursor.seq) {
      this.counts.gapsByState += 1;
      await this.#fetchMissing();
    }
  }

  async #heed(event) {
    this.#inspect(event);
    if (event.stream !== this.stream || event.epoch !== this.cursor.epoch) return;
    if (event.seq > this.cursor.seq + 1) {
      this.counts.gapsByNumber += 1;
      await this.#fetchMissing();
    }
    this.#apply(event);
  }

  #apply(event) {
    if (event.seq <= this.cursor.seq) {
      this.counts.dropped += 1;
      const known = this.log.get(event.seq);
      if (known && known !== entryOf(event)) this.faults.push(`${event.seq} is ${entryOf(event)} and was ${known}`);
      return;
    }
    if (event.seq !== this.cursor.seq + 1) return void this.faults.push(`${event.seq} after ${this.cursor.seq}`);
    this.cursor.seq = event.seq;
    this.counts.applied += 1;
    this.log.set(event.seq, entryOf(event));
    this.#fold(event);
  }

  /** What the event says of the cards. Others of its kind say nothing that these do not. */
  #fold({ event, data, timestamp }) {
    const id = data.loadId ?? data.id;
    const card = this.cards.get(id);
    if (card && data.version < card.version) this.faults.push(`${event} takes ${id} from ${card.version} to ${data.version}`);
    if (event === "load:created" || event === "load:updated") this.cards.set(id, data);
    if (event === "load:deleted") this.cards.delete(id);
    if (event === "load:claimed" && card) {
      const { claimedBy, ...rest } = card;
      this.cards.set(id, data.claimedBy ? { ...rest, claimedBy: data.claimedBy } : rest);
    }
    if (event === "load:status:changed" && card) {
      const { tenderExpiresAt, tenderReturned, ...rest } = card;
      const isReturned = data.previousStatus === "TENDERED" && data.newStatus === "PENDING" && data.reason !== "Undone.";
      this.cards.set(id, {
        ...rest,
        // The window of a tender comes with the card, in the event that follows.
        ...(data.newStatus === "TENDERED" && tenderExpiresAt ? { tenderExpiresAt } : {}),
        ...(isReturned ? { tenderReturned: data.reason } : {}),
        status: data.newStatus,
        version: data.version,
        updatedBy: data.updatedBy,
        updatedAt: timestamp,
        statusSince: timestamp,
      });
    }
  }

  /** Nothing of another tenant, of another's stream, or of money that is not theirs to see. */
  #inspect(event) {
    const { tenantId } = this.person.user;
    if (event.tenantId !== tenantId) this.faults.push(`an event of another tenant: ${JSON.stringify(event)}`);
    if (event.stream !== this.stream) this.faults.push(`an event of ${event.stream}: ${JSON.stringify(event)}`);
    this.#inspectMoney(event, event.event);
  }

  #inspectMoney(value, what) {
    if (this.seesMoney) return;
    try {
      assertNoMoney(value, `${what} for ${this.person.user.email}`);
    } catch (error) {
      this.faults.push(error.message);
    }
  }

  async #fetchSnapshot() {
    const { data, cursors } = await this.#ask("/loads/board");
    this.counts.snapshots += 1;
    this.#inspectMoney(data, "the board");
    [[this.stream, this.cursor]] = Object.entries(cursors[NAMESPACE]);
    this.cards = new Map(data.cards.map((card) => [card.id, card]));
  }

  async #fetchMissing() {
    for (let more = true; more; ) {
      const { epoch, seq } = this.cursor;
      const query = new URLSearchParams({ namespace: NAMESPACE, stream: this.stream, epoch, after: seq, limit: 1_000 });
      const page = await this.#ask(`/events?${query}`);
      if (!page.recovered) return this.#fetchSnapshot();
      for (const event of page.data) {
        this.#inspect(event);
        this.#apply(event);
      }
      ({ more } = page);
    }
  }

  /** Asks until there is an answer: a node may just have been killed. */
  #ask(path) {
    return until(async () => {
      const answer = await this.person.get(path).catch(() => undefined);
      return answer?.status === 200 && answer.json;
    }, `an answer to ${path}`, 30_000);
  }

  /** In what it differs from a board that was fetched afresh, field by field; nothing when it is equal to it. */
  differences({ data, cursors }) {
    const found = [];
    const cursor = cursors[NAMESPACE][this.stream];
    if (!isDeepStrictEqual(cursor, this.cursor)) found.push(`stands at ${this.cursor.seq} and not at ${cursor.seq}`);
    const mine = new Map([...this.cards].filter(([, card]) => card.status !== "CANCELLED"));
    for (const card of data.cards) {
      if (mine.has(card.id)) found.push(...fieldsThatDiffer(card, mine.get(card.id)));
      else found.push(`lacks ${card.loadNumber}, ${card.status}`);
      mine.delete(card.id);
    }
    for (const card of mine.values()) found.push(`has ${card.loadNumber}, ${card.status}, which is not there`);
    return found;
  }

  close() {
    this.#isClosed = true;
    this.socket.disconnect();
  }
}

/** What tells one event from another, and fits into memory many thousand times. */
export function entryOf({ id, event, data: { version = "" } }) {
  return `${id} ${event} ${version}`;
}

function fieldsThatDiffer(card, mine) {
  const fields = new Set([...Object.keys(card), ...Object.keys(mine)]);
  fields.delete("onTrackAt"); // positions tell of it, and no event
  const differing = [...fields].filter((field) => !isDeepStrictEqual(card[field], mine[field]));
  const told = (value) => JSON.stringify(value) ?? "nothing";
  return differing.map((field) => `${card.loadNumber}: ${field} is ${told(card[field])}, here ${told(mine[field])}`);
}
