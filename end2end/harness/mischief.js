// Random users who do random things, allowed and not, over sockets and REST; everything that they are sent is kept.

import { connect } from "./socket.js";
import { STATUSES, book, fitCarrier } from "./trade.js";
import { isStaff } from "./truth.js";
import { positionMark, readMark } from "./verdict.js";

const NAMESPACES = ["/events", "/dispatch", "/tracking", "/notifications", "/chat"];
const MOST_SOCKETS = 60;

const DEEDS = {
  open: 10, leave: 4, join: 14, command: 6, step: 20, hand: 10, patch: 8, report: 16, write: 12, type: 4, read: 4, begin: 1,
  tell: 2, announce: 1, look: 6, trespass: 6, checkCall: 3,
};

/** A longitude that no other report has. */
const positionOf = (count) => -120 + count / 10_000;

export class Mischief {
  /** What was received: `{ person, namespace, event, payload, at }`. */
  received = [];
  /** What commands were answered: `{ person, command, payload, answer, from, to }`. */
  answers = [];
  /** What REST answered and may not have. */
  faults = [];
  /** Deeds that came to nothing, by how. */
  stumbles = new Map();
  #sockets = [];
  #cursors = [];
  #messages = [];
  #count = 0;

  /** `otherDrivers`: by tenant, a driver of the same carrier as the one who has a login. */
  constructor(test, server, truth, people, otherDrivers) {
    Object.assign(this, { test, server, truth, people, otherDrivers });
  }

  /** Does one thing after the other until the time has come. */
  async run(dice, end) {
    while (Date.now() < end) {
      const deed = dice.weighted(DEEDS);
      await this[deed](dice).catch((error) => {
        if (error.code === "ERR_ASSERTION") throw error;
        // A socket may be closed under what it asks; that is no fault, unless it were all the time.
        const what = `${deed}: ${error.message}`;
        this.stumbles.set(what, (this.stumbles.get(what) ?? 0) + 1);
      });
    }
  }

  #unique() {
    this.#count += 1;
    return this.#count;
  }

  #socket(dice, fits = () => true) {
    return dice.pick(this.#sockets.filter((one) => one.listener.socket.connected && fits(one)));
  }

  /** Any load, of either tenant; `fits` narrows. */
  #load(dice, fits = () => true) {
    return dice.pick([...this.truth.loads.values()].filter(fits));
  }

  #colleague(dice, { tenantId }, ...roles) {
    return dice.pick(this.people.filter(({ user }) => user.tenantId === tenantId && roles.includes(user.role)));
  }

  async open(dice) {
    if (this.#sockets.length >= MOST_SOCKETS) return this.leave(dice);
    const person = dice.pick(this.people);
    const namespace = dice.pick(NAMESPACES);
    const cursors = {};
    // Places that somebody was told of, whoever that was, sometimes under another stream's name, and older than that.
    for (let n = dice.below(3); n > 0 && this.#cursors.length > 0; n -= 1) {
      const { stream, epoch, seq } = dice.pick(this.#cursors);
      cursors[dice.chance(0.8) ? stream : dice.pick(this.#cursors).stream] = { epoch, seq: Math.max(0, seq - dice.below(30)) };
    }
    const auth = { cursors, ...(dice.chance(0.4) ? { positions: "batch" } : {}) };
    const transports = [dice.chance(0.2) ? "polling" : "websocket"];
    const heard = (event, payload) => {
      this.received.push({ person, namespace, event, payload, at: Date.now() });
      if (event === "stream:state") this.#cursors.push(payload);
      if (event === "message:new") this.#messages.push(payload.data);
    };
    const listener = await connect(this.test, this.server, namespace, { token: person.token, auth, transports, heard });
    this.#sockets.push({ person, namespace, listener });
  }

  async leave(dice) {
    const [socket] = this.#sockets.splice(dice.below(this.#sockets.length), 1);
    socket?.listener.close();
  }

  async #ask({ person, listener }, command, payload) {
    const from = Date.now();
    const answer = await listener.ask(command, payload);
    this.answers.push({ person, command, payload, answer, from, to: Date.now() });
    return answer;
  }

  async join(dice) {
    const socket = this.#socket(dice, ({ namespace }) => ["/dispatch", "/tracking", "/chat"].includes(namespace));
    if (!socket) return;
    const verb = dice.chance(0.8) ? "join" : "leave";
    if (socket.namespace === "/chat") return this.#ask(socket, `${verb}:conversation`, { conversationId: this.#conversation(dice) });
    return this.#ask(socket, `${verb}:load`, { loadId: this.#load(dice).id });
  }

  #conversation(dice) {
    const between = [...this.truth.conversations.keys()];
    return between.length > 0 && dice.chance(0.3) ? dice.pick(between) : this.#load(dice).id;
  }

  async command(dice) {
    const socket = this.#socket(dice, ({ namespace }) => namespace === "/events");
    if (!socket) return;
    if (dice.chance(0.5)) return this.#ask(socket, "presence:list", {});
    return this.#ask(socket, "presence:view", { page: "dispatch", loadId: dice.chance(0.5) ? this.#load(dice).id : null });
  }

  /** One change of a load at a time, so that the truth of it is known. */
  async #change(load, action) {
    if (load.isBusy) return;
    load.isBusy = true;
    const from = Date.now();
    try {
      const answer = await action(load.now);
      if (answer?.status === 200) load.take(answer.json.data, from);
    } finally {
      load.isBusy = false;
    }
  }

  /** A step forward, back, or a decline, by whoever may take it or may not. */
  async step(dice) {
    const load = this.#load(dice);
    const { status, version } = load.now;
    const place = STATUSES.indexOf(status);
    const isBack = place > 1 && dice.chance(0.35);
    const next = STATUSES[place + (isBack ? -1 : 1)];
    if (!next || status === "CANCELLED") return;
    const roles = ["admin", "admin", "ops_manager", "dispatcher", "support", "carrier", "driver"];
    const person = this.#colleague(dice, load, dice.pick(roles));
    await this.#change(load, () => person.patch(`/loads/${load.id}/status`, { status: next, version, reason: "Mischief" }));
  }

  /** A load that is not offered yet goes to a carrier, by turns the one with a login and another. */
  async hand(dice) {
    const load = this.#load(dice, ({ now }) => ["PLANNING", "PENDING"].includes(now.status));
    if (!load) return this.#takeBack(dice);
    const admin = this.#colleague(dice, load, "admin");
    const office = this.#colleague(dice, load, "carrier");
    const carrierId = dice.chance(0.6) ? office.user.carrierId : await fitCarrier(admin, office.user.carrierId);
    await this.#change(load, ({ version }) => admin.patch(`/loads/${load.id}`, { version, carrierId }));
  }

  /** Books a load, so that there is always something to hand out. */
  async #takeBack(dice) {
    const admin = this.#colleague(dice, this.#load(dice), "admin");
    const from = Date.now();
    const usd = (amount) => ({ amount, currency: "USD" });
    this.truth.addLoad(admin, await book(admin, { finance: { revenue: usd(100_000), carrierCost: usd(80_000) } }), from);
  }

  /** The driver with a login is put on a load or taken off it, or the money changes. */
  async patch(dice) {
    const load = this.#load(dice);
    const admin = this.#colleague(dice, load, "admin", "ops_manager");
    const cab = this.#colleague(dice, load, "driver");
    const usd = (amount) => ({ amount, currency: "USD" });
    const change = dice.weighted({ driver: 3, money: 2, mark: 1 });
    const fields = {
      driver: { driverId: dice.chance(0.6) ? cab.user.driverId : this.otherDrivers.get(load.tenantId) },
      money: { finance: { revenue: usd(100_000 + dice.below(1_000)), carrierCost: usd(90_000) } },
      mark: { hot: dice.chance(0.5) },
    }[change];
    await this.#change(load, ({ version }) => admin.patch(`/loads/${load.id}`, { version, ...fields }));
  }

  /** A position, of the driver's phone or from another system, of a load of whichever tenant. */
  async report(dice) {
    const load = this.#load(dice, ({ now }) => STATUSES.indexOf(now.status) >= STATUSES.indexOf("DISPATCHED"));
    if (!load) return;
    const lng = positionOf(this.#unique());
    const payload = { loadId: load.id, lat: 30 + dice.below(10), lng };
    await this.truth.send(positionMark(lng), load.id, undefined, async () => {
      const socket = this.#socket(dice, ({ namespace }) => namespace === "/tracking");
      if (socket && dice.chance(0.5)) return this.#ask(socket, "location:update", payload);
      const { status, json } = await dice.pick(this.people.filter(isStaff)).post("/positions", [payload]);
      return status === 200 && json;
    });
  }

  async checkCall(dice) {
    const load = this.#load(dice);
    const notes = `Check call ${this.#unique()}`;
    const call = { location: { lat: 40, lng: -90 }, notes };
    const person = dice.pick(this.people);
    const answer = await this.truth.send(notes, load.id, person, () => person.post(`/loads/${load.id}/check-calls`, call));
    if (answer.status < 300 && person.user.tenantId !== load.tenantId) this.faults.push("a check call of another tenant");
  }

  async write(dice) {
    const conversationId = this.#conversation(dice);
    const body = `Words ${this.#unique()}`;
    const socket = this.#socket(dice, ({ namespace }) => namespace === "/chat");
    const person = socket?.person ?? dice.pick(this.people);
    await this.truth.send(body, conversationId, person, () => {
      if (socket && dice.chance(0.7)) return this.#ask(socket, "message:send", { conversationId, body });
      return person.post(`/conversations/${conversationId}/messages`, { body });
    });
  }

  async type(dice) {
    const socket = this.#socket(dice, ({ namespace }) => namespace === "/chat");
    if (socket) await this.#ask(socket, "typing", { conversationId: this.#conversation(dice), typing: dice.chance(0.5) });
  }

  async read(dice) {
    const socket = this.#socket(dice, ({ namespace }) => namespace === "/chat");
    if (!socket || this.#messages.length === 0) return;
    const { conversationId, id: messageId } = dice.pick(this.#messages);
    const mark = readMark({ conversationId, messageId, userId: socket.person.user.id });
    // The same may be read twice; only the first is told.
    if (this.truth.sent.has(mark)) return;
    await this.truth.send(mark, conversationId, socket.person, () => this.#ask(socket, "message:read", { conversationId, messageId }));
  }

  /** Two or three persons begin a conversation, sometimes with one who must not be in it. */
  async begin(dice) {
    const person = dice.pick(this.people.filter(isStaff));
    const others = [dice.pick(this.people), dice.pick(this.people)].filter(({ user }) => user.id !== person.user.id);
    const memberIds = [...new Set(others.map(({ user }) => user.id))];
    const answer = await person.post("/conversations", { memberIds, title: `Aside ${this.#unique()}` });
    if (answer.status >= 300) return;
    const { id, members } = answer.json.data;
    this.truth.conversations.set(id, members.map((member) => member.id));
    this.truth.own(person.user.tenantId, { id });
    if (others.some(({ user }) => user.tenantId !== person.user.tenantId)) this.faults.push("a conversation over two tenants");
  }

  async tell(dice) {
    const admin = dice.pick(this.people.filter(({ user }) => user.role === "admin"));
    const told = this.#colleague(dice, admin.user, "dispatcher", "carrier", "driver", "support");
    const message = `Told ${this.#unique()}`;
    await admin.post("/notifications", { userIds: [told.user.id], type: "info", title: "For you alone", message });
  }

  async announce(dice) {
    await dice.pick(this.people).post("/announcements", { message: `Announced ${this.#unique()}` });
  }

  /** Reads back a stream of whoever's: what comes is judged as if a socket had been sent it. */
  async look(dice) {
    const person = dice.pick(this.people);
    const namespace = dice.pick(NAMESPACES);
    if (this.#cursors.length === 0) return;
    const { stream } = dice.pick(this.#cursors);
    const answer = await person.get(`/events?${new URLSearchParams({ namespace, stream, after: 0, limit: 200 })}`);
    if (answer.status !== 200) return;
    for (const event of answer.json.data) {
      this.received.push({ person, namespace, event: event.event, payload: event, at: Date.now() });
    }
  }

  /** Tries what belongs to the other tenant, over REST. */
  async trespass(dice) {
    const load = this.#load(dice);
    const person = dice.pick(this.people.filter(({ user }) => user.tenantId !== load.tenantId));
    const { version } = load.now;
    const attempts = [
      () => person.get(`/loads/${load.id}`),
      () => person.patch(`/loads/${load.id}`, { version, hot: true }),
      () => person.patch(`/loads/${load.id}/status`, { status: "ACCEPTED", version, reason: "Mine" }),
      () => person.get(`/loads/${load.id}/positions`),
      () => person.get(`/conversations/${load.id}/messages`),
      () => person.get(`/operations/tracking/positions/${load.id}`),
    ];
    const { status, text } = await dice.pick(attempts)();
    if (status < 400) this.faults.push(`${person.user.email} has ${text.slice(0, 200)} of another tenant`);
  }
}
